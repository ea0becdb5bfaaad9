package org.etalon.graph.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Causal attention over whole rows, scores materialised: for short rows, and the form every other
 * one is checked against. Grouped heads share their key/value head without repeating it. A position
 * sees itself and earlier positions of its own segment, so packed documents do not see each other.
 *
 * @param bias_B11TT 0 where a query may look, a large negative number elsewhere
 */
public record FullAttention(Operand<TFloat32> bias_B11TT) implements Attend {
  private static final float MASKED = -1e9f;

  /**
   * Attention within segments.
   *
   * @param segments_BT document number of each position; padding has a number of its own
   */
  public static FullAttention within(Ops tf, Operand<TInt32> segments_BT) {
    Dim time = Dim.of(tf, segments_BT, 1);
    Operand<TInt32> index_T = tf.range(tf.constant(0), time.operand(tf), tf.constant(1));
    Operand<TBool> causal_1TT =
        tf.math.greaterEqual(
            tf.expandDims(tf.expandDims(index_T, tf.constant(1)), tf.constant(0)),
            tf.expandDims(tf.expandDims(index_T, tf.constant(0)), tf.constant(0)));
    Operand<TBool> same_BTT =
        tf.math.equal(
            tf.expandDims(segments_BT, tf.constant(2)), tf.expandDims(segments_BT, tf.constant(1)));
    Operand<TFloat32> bias_BTT = bias(tf, tf.math.logicalAnd(causal_1TT, same_BTT));
    return new FullAttention(
        tf.expandDims(tf.expandDims(bias_BTT, tf.constant(1)), tf.constant(1)));
  }

  /** 0 where {@code allowed}, a large negative number elsewhere. */
  public static Operand<TFloat32> bias(Ops tf, Operand<TBool> allowed) {
    Operand<TFloat32> open = tf.dtypes.cast(allowed, TFloat32.class);
    return tf.math.mul(tf.math.sub(tf.constant(1f), open), tf.constant(MASKED));
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_BTNH,
      Operand<TFloat32> k_BTKH,
      Operand<TFloat32> v_BTKH) {
    return tape.segment(
            tf,
            List.of(q_BTNH, k_BTKH, v_BTKH),
            List::of,
            (ops, in) -> List.of(attend(ops, in.get(0), in.get(1), in.get(2))))
        .get(0);
  }

  private Operand<TFloat32> attend(
      Ops tf, Operand<TFloat32> q_BTNH, Operand<TFloat32> k_BTKH, Operand<TFloat32> v_BTKH) {
    Dim b = Dim.of(tf, q_BTNH, 0);
    Dim t = Dim.of(tf, q_BTNH, 1);
    Dim k = Dim.of(tf, k_BTKH, 2);
    Dim h = Dim.of(tf, q_BTNH, 3);
    Dim g = Dim.of(Math.toIntExact(q_BTNH.shape().get(2)) / k.size());
    var gt = g.times(tf, t);
    var q_BTKGH = Dim.reshape(tf, q_BTNH, b, t, k, g, h);
    var q_BKGTH = tf.linalg.transpose(q_BTKGH, tf.constant(new int[] {0, 2, 3, 1, 4}));
    var q_BKgtH = Dim.reshape(tf, q_BKGTH, b, k, gt, h);
    var k_BKTH = tf.linalg.transpose(k_BTKH, tf.constant(new int[] {0, 2, 1, 3}));
    var v_BKTH = tf.linalg.transpose(v_BTKH, tf.constant(new int[] {0, 2, 1, 3}));
    var scores = tf.train.batchMatMul(q_BKgtH, k_BKTH, TFloat32.class, BatchMatMul.adjY(true));
    var scores_BKGTT = tf.math.add(Dim.reshape(tf, scores, b, k, g, t, t), bias_B11TT);
    var weights = Dim.reshape(tf, tf.nn.softmax(scores_BKGTT), b, k, gt, t);
    var out_BKgtH = tf.train.batchMatMul(weights, v_BKTH, TFloat32.class);
    var out_BKGTH = Dim.reshape(tf, out_BKgtH, b, k, g, t, h);
    var out_BTKGH = tf.linalg.transpose(out_BKGTH, tf.constant(new int[] {0, 3, 1, 2, 4}));
    return Dim.reshape(tf, out_BTKGH, b, t, Dim.of(k.size() * g.size() * h.size()));
  }
}
