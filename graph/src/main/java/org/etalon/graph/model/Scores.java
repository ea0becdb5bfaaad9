package org.etalon.graph.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;

/**
 * Attention of some queries over some keys with all their scores at hand, and its gradient. The G
 * query heads of a key/value head lie behind one another: r = G·C rows for C positions.
 *
 * <p>P = softmax(Q Kᵀ + bias), O = P V; backward: dV = Pᵀ dO, dS = P ∘ (dO Vᵀ − D) with D = Σ dO ∘
 * O, dQ = dS K, dK = dSᵀ Q.
 */
final class Scores {
  private Scores() {}

  /**
   * P.
   *
   * @param q_BKrH queries, divided by √H
   * @param k_BKRH keys
   * @param bias_B11CR 0 where a query may look, a large negative number elsewhere
   * @param group queries heads per key/value head (G)
   * @return [B, K, r, R]
   */
  static Operand<TFloat32> weights(
      Ops tf,
      Operand<TFloat32> q_BKrH,
      Operand<TFloat32> k_BKRH,
      Operand<TFloat32> bias_B11CR,
      int group) {
    var s_BKrR = BatchProduct.ofSecondTransposed(tf, q_BKrH, k_BKRH);
    Dim b = Dim.of(tf, s_BKrR, 0);
    Dim k = Dim.of(tf, s_BKrR, 1);
    Dim c = Dim.of(tf, bias_B11CR, 3);
    Dim keys = Dim.of(tf, bias_B11CR, 4);
    var s_BKGCR = tf.math.add(Dim.reshape(tf, s_BKrR, b, k, Dim.of(group), c, keys), bias_B11CR);
    return Dim.reshape(tf, tf.nn.softmax(s_BKGCR), b, k, c.times(tf, group), keys);
  }

  /** dQ [B, K, r, H], dK and dV [B, K, R, H]. */
  static List<Operand<TFloat32>> gradients(
      Ops tf,
      List<Operand<TFloat32>> qkv,
      Operand<TFloat32> p_BKrR,
      Operand<TFloat32> out_BKrH,
      Operand<TFloat32> dOut_BKrH) {
    var share_BKr1 =
        tf.reduceSum(tf.math.mul(dOut_BKrH, out_BKrH), tf.constant(-1), ReduceSum.keepDims(true));
    var dP_BKrR = BatchProduct.ofSecondTransposed(tf, dOut_BKrH, qkv.get(2));
    var dS_BKrR = tf.math.mul(p_BKrR, tf.math.sub(dP_BKrR, share_BKr1));
    return List.of(
        BatchProduct.of(tf, dS_BKrR, qkv.get(1)),
        BatchProduct.ofFirstTransposed(tf, dS_BKrR, qkv.get(0)),
        BatchProduct.ofFirstTransposed(tf, p_BKrR, dOut_BKrH));
  }
}
