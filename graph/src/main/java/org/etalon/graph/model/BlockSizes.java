package org.etalon.graph.model;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/**
 * Static sizes of attention block by block.
 *
 * @param b rows
 * @param t positions in a row
 * @param k key/value heads
 * @param g query heads that share a key/value head
 * @param h numbers in a head
 * @param n blocks in a row
 * @param c positions in a block
 */
record BlockSizes(int b, int t, int k, int g, int h, int n, int c) {
  static BlockSizes of(Operand<TFloat32> q_BNTH, Operand<TFloat32> k_BKTH, int block) {
    long[] q = q_BNTH.shape().asArray();
    int t = Math.toIntExact(q[2]);
    int k = Math.toIntExact(k_BKTH.shape().get(1));
    int c = Math.min(block, t);
    return new BlockSizes(
        Math.toIntExact(q[0]),
        t,
        k,
        Math.toIntExact(q[1]) / k,
        Math.toIntExact(q[3]),
        (t + c - 1) / c,
        c);
  }

  /** Refuses a block without positions. */
  static void check(int block) {
    if (block < 1) {
      throw new IllegalArgumentException(
          "a block of attention must hold at least 1 position, got " + block);
    }
  }

  /** Positions that fill the last block. */
  int padding() {
    return n * c - t;
  }

  /** Queries of a block that share a key/value head. */
  int r() {
    return g * c;
  }
}
