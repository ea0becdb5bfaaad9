package org.etalon.graph.plan;

import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Recompute;

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
 *   <li>attention: rotated queries, keys, values: 4(N + 2K)H; in full the weights: 4N·T; in blocks
 *       its result and log-sums: 4(NH + N); the result as a factor: w·NH (in float32 the same one);
 *   <li>feed-forward: gate, sigmoid, silu, up: 16F, and their product as a factor: w·F.
 * </ul>
 *
 * <p>{@link Recompute#NONE} keeps all of these; {@link Recompute#SELECTIVE} what its segments start
 * from: the stream before attention and before the feed-forward, rotated queries, keys, values,
 * attention's result, gate and up: 8D + 4(2N + 2K)H + 8F, in blocks 4N more; {@link Recompute#FULL}
 * the layer's input, 4D.
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
   * @param inBlocks whether attention runs block by block
   * @param length T
   */
  static LayerMemory of(
      ModelConfig c, WeightType products, Recompute recompute, boolean inBlocks, int length) {
    return new Sizes(c, products == WeightType.BFLOAT16 ? 2 : 4, inBlocks, length).of(recompute);
  }

  private record Sizes(
      long d, long f, long q, long k, long n, long w, boolean qkNorm, boolean inBlocks, long t) {
    Sizes(ModelConfig c, long w, boolean inBlocks, int length) {
      this(
          c.hidden(),
          c.intermediate(),
          (long) c.heads() * c.headDim(),
          (long) c.kvHeads() * c.headDim(),
          c.heads(),
          w,
          c.architecture().qkNorm(),
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
                2 * F32 * d + 2 * F32 * (q + k) + 2 * F32 * f + (inBlocks ? F32 * n : 0),
                Math.max(
                    2 * F32 * f + w * f + feedForwardBack(),
                    attentionAgain() + attentionBack() - 2 * F32 * f));
        case FULL ->
            new LayerMemory(
                F32 * d,
                attention()
                    + feedForward()
                    - F32 * d
                    + Math.max(feedForwardBack(), attentionBack() - feedForward()));
      };
    }

    private long norm() {
      return (2 * F32 + w) * d;
    }

    private long attention() {
      long projections = F32 * (q + k) * (qkNorm ? 3 : 1) + F32 * (q + 2 * k);
      long met = inBlocks ? F32 * (q + n) + (w < F32 ? w * q : 0) : F32 * n * t + w * q;
      return norm() + projections + met;
    }

    private long feedForward() {
      return norm() + 4 * F32 * f + w * f;
    }

    /** Gradients by up, silu and sigmoid at once, and seven of the stream's width around them. */
    private long feedForwardBack() {
      return 3 * F32 * f + 7 * F32 * d + (w < F32 ? 2 * w * f : 0);
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
