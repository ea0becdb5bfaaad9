package org.etalon.graph.plan;

import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Lowering;

/**
 * Bytes that the head and its loss take for a moment, over chunks of C positions.
 *
 * <p>Of a chunk, with w bytes per factor of a product:
 *
 * <ul>
 *   <li>by TensorFlow's kernels: the head's result where it is rounded, w·CV, and in float32 the
 *       logits, softmax less target and the product of both: 12CV;
 *   <li>in compiled pieces: the head's result alone, w·CV, and beside it its gradient, w·CV.
 * </ul>
 *
 * <p>The gradient by the weights: the sum so far, 4VD, if there are several chunks; the chunk's
 * share, w·VD; and that in float32 where it is rounded, 4VD. Pieces write the sum to a new place,
 * 4VD, and then need no rounded share in float32.
 *
 * @param c the model
 * @param products type of products
 * @param lowering what is compiled
 * @param chunk C
 * @param chunks how many there are
 */
record HeadMemory(ModelConfig c, WeightType products, Lowering lowering, int chunk, int chunks) {
  private static final long F32 = 4;

  static HeadMemory of(
      ModelConfig c, WeightType products, Lowering lowering, int chunk, long positions) {
    int size = (int) Math.min(chunk, positions);
    return new HeadMemory(
        c, products, lowering, size, Math.toIntExact((positions + size - 1) / size));
  }

  private long factor() {
    return products == WeightType.BFLOAT16 ? 2 : F32;
  }

  private boolean rounds() {
    return factor() < F32;
  }

  private boolean pieces() {
    return lowering == Lowering.PIECES;
  }

  private long logits(long bytes) {
    return bytes * chunk * c.vocabulary();
  }

  /** 4VD. */
  long weights() {
    return F32 * c.vocabulary() * c.hidden();
  }

  /** At the worst moment of a chunk of which scores alone are wanted. */
  long score() {
    return pieces() ? logits(factor()) : logits(3 * F32 + (rounds() ? factor() : 0));
  }

  /** At the worst moment of a chunk with gradients: its logits, its share, or the sum. */
  long backward() {
    boolean sums = chunks > 1;
    long before = sums ? weights() : 0;
    long share = factor() * c.vocabulary() * c.hidden();
    long again = rounds() || (pieces() && sums) ? weights() : 0;
    long slopes = pieces() ? logits(2 * factor()) : score();
    return before + Math.max(slopes, share + Math.max(logits(factor()), again));
  }
}
