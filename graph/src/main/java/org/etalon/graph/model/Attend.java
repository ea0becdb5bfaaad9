package org.etalon.graph.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TFloating;

/** How the queries of one layer meet keys and values: in full, or through a cache. */
public interface Attend {
  /**
   * Adds attention of one layer to the graph.
   *
   * @param tape takes the segments that have gradients
   * @param layer index of the block, from 0
   * @param q_BNTH rotated queries, already divided by √H
   * @param k_BKTH rotated keys
   * @param v_BKTH values
   * @return [B, N, T, H]
   */
  Operand<? extends TFloating> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_BNTH,
      Operand<TFloat32> k_BKTH,
      Operand<TFloat32> v_BKTH);
}
