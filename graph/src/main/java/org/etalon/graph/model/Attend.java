package org.etalon.graph.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** How the queries of one layer meet keys and values: in full, or through a cache. */
public interface Attend {
  /**
   * Whether the gradient is a formula of its own, because TensorFlow cannot differentiate this
   * form.
   */
  default boolean hasOwnGradient() {
    return false;
  }

  /**
   * Adds attention of one layer to the graph.
   *
   * @param tape takes the segments that have gradients
   * @param layer index of the block, from 0
   * @param q_BTNH rotated queries, already divided by √H
   * @param k_BTKH rotated keys
   * @param v_BTKH values
   * @return [B, T, N·H]
   */
  Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_BTNH,
      Operand<TFloat32> k_BTKH,
      Operand<TFloat32> v_BTKH);
}
