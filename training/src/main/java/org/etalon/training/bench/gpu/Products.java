package org.etalon.training.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.program.Device;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/**
 * Chains of square products, or of copies, by TensorFlow's own kernels and with nothing optimised
 * away: what the device does at best. The creator closes.
 */
final class Products implements AutoCloseable {
  private final Graph graph = new Graph();
  private final Session session;
  private final Placeholder<TFloat32> factor;
  private final Operand<TFloat32> whole;
  private final Operand<TFloat32> corner;

  private Products(Device device, Class<? extends TFloating> type, int n, int links, boolean copy) {
    Ops tf = device.place(Ops.create(graph));
    this.factor = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    List<Op> assigns = new ArrayList<>();
    Operand<TFloat32> end = chain(tf, type, n, links, copy, assigns);
    this.whole = end;
    this.corner = tf.slice(end, tf.constant(new int[] {0, 0}), tf.constant(new int[] {1, 1}));
    ConfigProto.Builder configuration = device.configuration(0).toBuilder();
    // Grappler would join or drop links of the chain.
    configuration.setGraphOptions(
        GraphOptions.newBuilder()
            .setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true)));
    this.session = new Session(graph, configuration.build());
    Session.Runner runner = session.runner();
    try (TFloat32 one = TFloat32.scalarOf(1f)) {
      runner.feed(factor, one);
      assigns.forEach(runner::addTarget);
      runner.run().close();
    }
  }

  private <T extends TFloating> Operand<TFloat32> chain(
      Ops tf, Class<T> type, int n, int links, boolean copy, List<Op> assigns) {
    Operand<T> scale = tf.dtypes.cast(factor, type);
    Operand<T> a = variable(tf, type, n, 3, assigns);
    Operand<T> b = variable(tf, type, n, 5, assigns);
    for (int i = 0; i < links; i++) {
      a = copy ? tf.math.mul(a, scale) : tf.linalg.matMul(a, b);
    }
    return tf.dtypes.cast(a, TFloat32.class);
  }

  /** Numbers of about ±√(3/n), so that products neither grow nor vanish. */
  private <T extends TFloating> Operand<T> variable(
      Ops tf, Class<T> type, int n, int seed, List<Op> assigns) {
    Operand<?> handle =
        tf.varHandleOp(type, Shape.of(n, n), VarHandleOp.sharedName("factor" + seed));
    Operand<TFloat32> index =
        tf.dtypes.cast(tf.range(tf.constant(0), tf.constant(n), tf.constant(1)), TFloat32.class);
    var wave =
        tf.math.sin(
            tf.math.add(
                tf.math.mul(tf.expandDims(index, tf.constant(1)), tf.constant(0.37f * seed)),
                tf.math.mul(
                    tf.math.square(tf.expandDims(index, tf.constant(0))),
                    tf.constant(0.11f * seed))));
    var scaled = tf.math.mul(wave, tf.math.mul(factor, tf.constant((float) Math.sqrt(2.0 / n))));
    assigns.add(tf.assignVariableOp(handle, tf.dtypes.cast(scaled, type)));
    return tf.readVariableOp(handle, type);
  }

  /** One float32 product of two n × n matrices. */
  static Products float32(Device device, int n) {
    return new Products(device, TFloat32.class, n, 1, false);
  }

  /** A chain of bfloat16 products of n × n matrices: 2n³ operations a link. */
  static Products bfloat16(Device device, int n, int links) {
    return new Products(device, TBfloat16.class, n, links, false);
  }

  /** A chain of copies of n × n float32 numbers, each read and written: 8n² bytes a link. */
  static Products copies(Device device, int n, int links) {
    return new Products(device, TFloat32.class, n, links, true);
  }

  /** The last link, row-major. */
  float[] values() {
    return fetch(whole);
  }

  /** Runs the chain; one number comes back, so that the device has to be done. */
  void run() {
    fetch(corner);
  }

  private float[] fetch(Operand<TFloat32> what) {
    try (TFloat32 one = TFloat32.scalarOf(1f);
        Result result = session.runner().feed(factor, one).fetch(what).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] values = new float[Math.toIntExact(tensor.size())];
      tensor.copyTo(DataBuffers.of(values, false, false));
      return values;
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
