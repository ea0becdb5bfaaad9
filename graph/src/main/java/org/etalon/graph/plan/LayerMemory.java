package org.etalon.graph.plan;

import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.program.Lowering;

/**
 * Bytes per position that one layer keeps for its backward pass, and that its backward pass takes
 * besides while it runs.
 *
 * <p>Derived from what gradients read. With w bytes per factor of a product (4, or 2 where it is
 * rounded to bfloat16):
 *
 * <ul>
 *   <li>norm: its input, the input scaled (both float32), and the result as a factor: (8 + w)·D;
 *   <li>rotation: nothing but the tables; with norms on queries and keys, input and scaled input of
 *       these: 8(N + K)H;
 *   <li>attention: rotated queries, keys, values: 4(N + 2K)H; its result: 4NH; in full the weights:
 *       4N·T; in blocks under XLA log-sums: 4N; the result as a factor: w·NH;
 *   <li>feed-forward: gate, sigmoid, silu, up: 16F, and their product as a factor: w·F.
 * </ul>
 *
 * <p>A compiled piece keeps all that goes into it, whether its gradient reads that or not, and what
 * comes out as far as others read it: a norm (4 + w)·D, the rotation w(N + 2K)H, the feed-forward
 * 3w·F, and each of the two sums of the stream what was added to it, w·D.
 *
 * <p>TensorFlow's executor runs a node as soon as its inputs are there, and some of the backward
 * pass needs nothing but the forward pass: with plain norms twice their input, 8D a layer, is kept
 * too.
 *
 * <p>{@link Recompute#NONE} keeps all of these; {@link Recompute#SELECTIVE} what its segments start
 * from: the stream before attention and before the feed-forward, rotated queries, keys, values,
 * attention's result, gate and up: 8D + 4(2N + 2K)H + 2w·F, of attention in full 4N·T, in blocks
 * under XLA 4N; {@link Recompute#FULL} the layer's input, 4D.
 *
 * @param kept bytes that stay from the forward to the backward pass
 * @param feedForward most bytes besides these while gradients of the layer's feed-forward are
 *     computed, those that are computed again included
 * @param attention the same of its attention, scores of blocks left out
 */
record LayerMemory(long kept, long feedForward, long attention) {
  /** Float32. */
  private static final long F32 = 4;

  /**
   * The numbers of a layer.
   *
   * @param lowering what is compiled
   * @param inBlocks whether attention runs block by block
   * @param length T
   */
  static LayerMemory of(
      ModelConfig c,
      WeightType products,
      Lowering lowering,
      Recompute recompute,
      boolean inBlocks,
      int length) {
    long w = products == WeightType.BFLOAT16 ? 2 : 4;
    return new Sizes(c, w, lowering, inBlocks, length).of(recompute);
  }

  private record Sizes(
      long d,
      long f,
      long q,
      long k,
      long n,
      long w,
      boolean qkNorm,
      Lowering lowering,
      boolean inBlocks,
      long t) {
    Sizes(ModelConfig c, long w, Lowering lowering, boolean inBlocks, int length) {
      this(
          c.hidden(),
          c.intermediate(),
          (long) c.heads() * c.headDim(),
          (long) c.kvHeads() * c.headDim(),
          c.heads(),
          w,
          c.architecture().qkNorm(),
          lowering,
          inBlocks,
          length);
    }

    LayerMemory of(Recompute recompute) {
      // When attention's gradient runs, the feed-forward has given back what it kept.
      return switch (recompute) {
        case NONE ->
            new LayerMemory(
                attention() + feedForward(), feedForwardBack(), attentionBack() - feedForward());
        case SELECTIVE -> {
          long gateAndUp = 2 * w * f;
          long again = (pieces() ? 0 : 4 * F32 * f - gateAndUp) + w * f;
          yield new LayerMemory(
              2 * F32 * d + 2 * F32 * (q + k) + met() + gateAndUp,
              again + feedForwardBack(),
              attentionBack() - gateAndUp);
        }
        case FULL -> {
          long kept = F32 * d;
          yield new LayerMemory(
              kept,
              attention() + feedForward() - kept + feedForwardBack(),
              attention() - kept + attentionBack());
        }
      };
    }

    /** Whether attention is a loop of the executor's. */
    private boolean inTurn() {
      return inBlocks && lowering != Lowering.XLA;
    }

    private boolean pieces() {
      return lowering == Lowering.PIECES;
    }

    private long norm() {
      return switch (lowering) {
        case PIECES -> (F32 + w) * d;
        case INLINE -> (3 * F32 + w) * d;
        case XLA -> (2 * F32 + w) * d;
      };
    }

    /** What was added to the stream. */
    private long sum() {
      return pieces() ? w * d : 0;
    }

    /** What attention keeps besides queries, keys, values and its result. */
    private long met() {
      if (!inBlocks) {
        return F32 * n * t;
      }
      return inTurn() ? 0 : F32 * n;
    }

    private long attention() {
      long raw = pieces() ? w * (q + 2 * k) : qkNorm ? 2 * F32 * (q + k) : 0;
      return norm() + raw + F32 * (q + 2 * k) + met() + (F32 + w) * q + sum();
    }

    private long feedForward() {
      return norm() + (pieces() ? 2 * w * f : 4 * F32 * f) + w * f + sum();
    }

    /** Gradients by up, silu and sigmoid at once, and seven of the stream's width around them. */
    private long feedForwardBack() {
      return (pieces() ? 3 * w * f : 3 * F32 * f + (w < F32 ? 2 * w * f : 0)) + 7 * F32 * d;
    }

    /**
     * In full: gradients by weights and scores. In blocks: queries, result and its gradient block
     * by block, the sums of gradients, and these in rows.
     */
    private long attentionBack() {
      if (!inBlocks) {
        return 2 * F32 * n * t + F32 * (2 * q + 2 * k);
      }
      return inTurn() ? F32 * (4 * q + 4 * k) : F32 * (4 * q + 6 * k);
    }
  }
}
