package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class LoweringTest {
  /** Numbers to text and back: nothing XLA has a kernel for. */
  @SuppressWarnings("unchecked") // the input is float32
  private static List<Operand<?>> throughText(Ops tf, List<Operand<?>> in) {
    var text = tf.dtypes.asString((Operand<TFloat32>) in.get(0));
    return List.of(tf.strings.toNumber(text));
  }

  private static float run(Lowering lowering) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
      var y = lowering.call(tf, "text", List.of(x), LoweringTest::throughText).get(0);
      try (Session session = new Session(graph);
          TFloat32 value = TFloat32.scalarOf(2.5f);
          Result result = session.runner().feed(x, value).fetch(y).run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    }
  }

  @Test
  void anOperationXlaCannotCompileIsAnErrorNotAFallback() {
    assertEquals(2.5f, run(Lowering.INLINE));
    var e = assertThrows(TFInvalidArgumentException.class, () -> run(Lowering.XLA));
    assertTrue(e.getMessage().contains("AsString"), e.getMessage());
  }
}
