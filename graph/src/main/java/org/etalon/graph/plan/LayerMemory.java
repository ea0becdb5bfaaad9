package org.etalon.graph.plan;

import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.program.Lowering;

/**
 * Bytes per position that one layer keeps for its backward pass, and that its backward pass takes
 * besides while it runs.
 *
 * <p>Derived from what TensorFlow's gradients read. With w bytes per factor of a product (4, or 2
 * where it is rounded to bfloat16):
 *
 * <ul>
 *   <li>norm: its input, the input scaled (both float32), and the result as a factor: (8 + w)·D;
 *   <li>rotation: both halves of queries and keys before it: 4(N + K)H; with norms on queries and
 *       keys, input and scaled input of these too: 8(N + K)H;
 *   <li>attention: rotated queries, keys, values: 4(N + 2K)H; its result: 4NH; in full the weights:
 *       4N·T; in blocks under XLA log-sums: 4N; the result as a factor: w·NH;
 *   <li>feed-forward: gate, sigmoid, silu, up: 16F, and their product as a factor: w·F.
 * </ul>
 *
 * <p>Compiled pieces keep what goes in and comes out alone: a norm (4 + w)·D, the rotation w(N +
 * 2K)H and its results, the feed-forward 3w·F.
 *
 * <p>{@link Recompute#NONE} keeps all of these; {@link Recompute#SELECTIVE} what its segments start
 * from: the stream before attention and before the feed-forward, rotated queries, keys, values,
 * attention's result, gate and up: 8D + 4(2N + 2K)H + 2w·F, in blocks under XLA 4N more; {@link
 * Recompute#FULL} the layer's input, 4D.
 *
 * @param kept bytes that stay from the forward to the backward pass
 * @param passing most bytes besides these while the layer's gradients are computed, those that are
 *     computed again included
 */
record LayerMemory(long kept, long passing) {
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
      return switch (recompute) {
        case NONE ->
            // When attention's gradient runs, the feed-forward has given back what it kept.
            new LayerMemory(
                attention() + feedForward(),
                Math.max(feedForwardBack(), attentionBack() - feedForward()));
        case SELECTIVE ->
            new LayerMemory(
                2 * F32 * d + 2 * F32 * (q + k) + 2 * w * f + logSums(),
                Math.max(
                    (pieces() ? 0 : 4 * F32 * f - 2 * w * f) + w * f + feedForwardBack(),
                    attentionAgain() + attentionBack() - 2 * w * f));
        case FULL ->
            new LayerMemory(
                F32 * d,
                attention()
                    + feedForward()
                    - F32 * d
                    + Math.max(feedForwardBack(), attentionBack() - feedForward()));
      };
    }

    private boolean pieces() {
      return lowering == Lowering.PIECES;
    }

    private long norm() {
      return pieces() ? (F32 + w) * d : (2 * F32 + w) * d;
    }

    private long logSums() {
      return inBlocks && lowering == Lowering.XLA ? F32 * n : 0;
    }

    private long attention() {
      long raw = pieces() ? w * (q + 2 * k) : F32 * (q + k) * (qkNorm ? 3 : 1);
      long met = F32 * q + w * q + (inBlocks ? logSums() : F32 * n * t);
      return norm() + raw + F32 * (q + 2 * k) + met;
    }

    private long feedForward() {
      return norm() + (pieces() ? 2 * w * f : 4 * F32 * f) + w * f;
    }

    /** Gradients by up, silu and sigmoid at once, and seven of the stream's width around them. */
    private long feedForwardBack() {
      return (pieces() ? 3 * w * f : 3 * F32 * f + (w < F32 ? 2 * w * f : 0)) + 7 * F32 * d;
    }

    /** Full: gradients by weights and scores. In blocks: inputs and results in both layouts. */
    private long attentionBack() {
      return inBlocks ? F32 * (4 * q + 6 * k) : 2 * F32 * n * t + F32 * (2 * q + 2 * k);
    }

    /** What selective recomputation makes again of full attention. */
    private long attentionAgain() {
      return inBlocks ? 0 : F32 * n * t + F32 * (q + 2 * k);
    }
  }
}
