package org.etalon.training.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.etalon.graph.WeightType;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * What this machine does at best, measured through TensorFlow: the best of several runs each.
 *
 * @param float32 GFLOP/s of a large square product in float32
 * @param bfloat16 the same in bfloat16
 * @param read GB/s of a sum over a large array
 * @param update GB/s of adding a large array to another one in place: two are read, one is written
 */
record Ceilings(double float32, double bfloat16, double read, double update) {
  private static final int REPEATS = 4;

  /**
   * Measures.
   *
   * @param edge rows and columns of the factors; arrays hold 4·edge² numbers, 256 MiB at 4096
   * @param threads worker threads; 0 for one per core
   */
  static Ceilings measure(int edge, int threads) {
    double product = 2.0 * edge * edge * edge / 1e9;
    double array = 16.0 * edge * edge / 1e9;
    return new Ceilings(
        product / product(TFloat32.class, edge, threads),
        product / product(TBfloat16.class, edge, threads),
        array / sum(edge, threads),
        3 * array / update(edge, threads));
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("product_float32_gflops", float32);
    json.put("product_bfloat16_gflops", bfloat16);
    json.put("read_gb_per_second", read);
    json.put("update_gb_per_second", update);
    return json;
  }

  private static <T extends TFloating> double product(Class<T> type, int edge, int threads) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape square = Shape.of(edge, edge);
      Placeholder<T> a = tf.placeholder(type, Placeholder.shape(square));
      Placeholder<T> b = tf.placeholder(type, Placeholder.shape(square));
      Op product = tf.linalg.matMul(a, b, MatMul.transposeB(true));
      try (Session session = session(graph, threads);
          Tensor values = random(type, square)) {
        return best(() -> session.runner().feed(a, values).feed(b, values).addTarget(product));
      }
    }
  }

  private static double sum(int edge, int threads) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape shape = Shape.of(4L * edge * edge);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Op sum = tf.reduceSum(x, tf.constant(0));
      try (Session session = session(graph, threads);
          Tensor values = random(TFloat32.class, shape)) {
        return best(() -> session.runner().feed(x, values).addTarget(sum));
      }
    }
  }

  private static double update(int edge, int threads) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape shape = Shape.of(4L * edge * edge);
      Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      var variable = tf.varHandleOp(TFloat32.class, shape);
      // A variable of its own buffer: one that holds what was fed could not be changed in place.
      Op start = tf.assignVariableOp(variable, tf.math.neg(x));
      Op add = tf.assignAddVariableOp(variable, x);
      try (Session session = session(graph, threads);
          Tensor values = random(TFloat32.class, shape)) {
        session.runner().feed(x, values).addTarget(start).run().close();
        return best(() -> session.runner().feed(x, values).addTarget(add));
      }
    }
  }

  private interface Run {
    Session.Runner prepare();
  }

  /** Seconds of the fastest of several runs after one that is not counted. */
  private static double best(Run run) {
    run.prepare().run().close();
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < REPEATS; i++) {
      Session.Runner runner = run.prepare();
      long start = System.nanoTime();
      runner.run().close();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }

  private static Session session(Graph graph, int threads) {
    return new Session(
        graph,
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(threads)
            .build());
  }

  private static Tensor random(Class<? extends TFloating> type, Shape shape) {
    Tensor tensor = Tensor.of(type, shape);
    SplittableRandom random = new SplittableRandom(1);
    int period = 1 << 16;
    long size = shape.size();
    if (type == TFloat32.class) {
      float[] values = new float[(int) Math.min(size, period)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (2 * random.nextDouble() - 1);
      }
      var data = tensor.asRawTensor().data().asFloats();
      for (long from = 0; from < size; from += period) {
        data.offset(from).write(values, 0, (int) Math.min(values.length, size - from));
      }
      return tensor;
    }
    short[] values = new short[(int) Math.min(size, period)];
    for (int i = 0; i < values.length; i++) {
      values[i] = WeightType.bfloat16((float) (2 * random.nextDouble() - 1));
    }
    var data = tensor.asRawTensor().data().asShorts();
    for (long from = 0; from < size; from += period) {
      data.offset(from).write(values, 0, (int) Math.min(values.length, size - from));
    }
    return tensor;
  }
}
