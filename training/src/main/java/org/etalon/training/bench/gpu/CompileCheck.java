package org.etalon.training.bench.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.program.Device;
import org.etalon.graph.program.Lowering;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Check 3: a function that XLA must compile runs, and gives the right number. */
final class CompileCheck implements Check {
  private static final int SIZE = 256;

  /** Σ (x x)² for a matrix of ones: SIZE² numbers of SIZE². */
  private static final double EXPECTED = Math.pow(SIZE, 4);

  @Override
  public Map<String, Object> run(Setup setup) {
    Device device = setup.device().resolved();
    Map<String, Object> values = new LinkedHashMap<>();
    try (Graph graph = new Graph()) {
      Ops tf = device.place(Ops.create(graph));
      var x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(SIZE, SIZE)));
      var y = Lowering.XLA.call(tf, "squares", List.of(x), CompileCheck::squares).get(0);
      try (Session session = new Session(graph, device.configuration(0))) {
        Timing timing = Timing.of(2, () -> check(session, x, y, values));
        values.put("compile_s", timing.first() - timing.median());
      }
    }
    return values;
  }

  @SuppressWarnings("unchecked") // the function's only input
  private static List<Operand<?>> squares(Ops tf, List<Operand<?>> in) {
    var x = (Operand<TFloat32>) in.get(0);
    var product = tf.linalg.matMul(x, x);
    return List.of(tf.reduceSum(tf.math.square(product), tf.constant(new int[] {0, 1})));
  }

  private static void check(
      Session session, Operand<TFloat32> x, Operand<?> y, Map<String, Object> values) {
    try (TFloat32 ones = TFloat32.tensorOf(Shape.of(SIZE, SIZE))) {
      ones.scalars().forEach(scalar -> scalar.setFloat(1));
      try (Result result = session.runner().feed(x, ones).fetch(y).run()) {
        double got = ((TFloat32) result.get(0)).getFloat();
        values.put("value", got);
        if (Math.abs(got - EXPECTED) > 1e-4 * EXPECTED) {
          throw CheckException.failed(
              "a compiled sum of squares is " + got + ", expected " + EXPECTED, values);
        }
      }
    }
  }
}
