package org.etalon.graph.program;

import org.etalon.graph.WeightType;

/**
 * How a program runs.
 *
 * @param lowering inline nodes, functions that XLA must compile, or both
 * @param threads worker threads within one operation; 0 for one per core
 * @param weights how matrices are held; training needs float32
 * @param products how matrices are multiplied: with float32 weights, bfloat16 rounds a copy of
 *     them, which is made anew whenever they have changed
 * @param attentionBlock rows of more positions than this attend block by block, this many at a
 *     time, so that memory grows with the length and not with its square; 0: never
 * @param attention how whole rows attend
 * @param device where variables are and steps run
 */
public record ExecutionOptions(
    Lowering lowering,
    int threads,
    WeightType weights,
    WeightType products,
    int attentionBlock,
    AttentionForm attention,
    Device device) {
  /** Our choice: of 128, 256 and 512 the fastest or close to it at 1,024 and 4,096 positions. */
  private static final int ATTENTION_BLOCK = 256;

  public ExecutionOptions {
    if (attentionBlock < 0) {
      throw new IllegalArgumentException(
          "the block of attention must be 0 (never in blocks) or more positions, got "
              + attentionBlock
              + "; set attentionBlock");
    }
    if (attention == AttentionForm.BLOCKS && attentionBlock == 0) {
      throw new IllegalArgumentException(
          "attention in blocks needs a block of 1 or more positions, got 0; set attentionBlock");
    }
    if (threads < 0) {
      throw new IllegalArgumentException(
          "threads must be 0 (one per core) or more, got " + threads + "; set threads");
    }
  }

  /** Float32 weights on the CPU. */
  public ExecutionOptions(Lowering lowering, int threads) {
    this(
        lowering,
        threads,
        WeightType.FLOAT32,
        WeightType.FLOAT32,
        ATTENTION_BLOCK,
        AttentionForm.AUTO,
        Device.of(Device.Kind.CPU));
  }

  /** Inline, one thread per core, float32 weights, on the CPU. */
  public static ExecutionOptions defaults() {
    return new ExecutionOptions(Lowering.INLINE, 0);
  }

  /** The same with weights, and products, of another type. */
  public ExecutionOptions withWeights(WeightType type) {
    return new ExecutionOptions(lowering, threads, type, type, attentionBlock, attention, device);
  }

  /** The same with products of another type. */
  public ExecutionOptions withProducts(WeightType type) {
    return new ExecutionOptions(
        lowering, threads, weights, type, attentionBlock, attention, device);
  }

  /** The same with another block of attention. */
  public ExecutionOptions withAttentionBlock(int positions) {
    return new ExecutionOptions(lowering, threads, weights, products, positions, attention, device);
  }

  /** The same with another form of attention. */
  public ExecutionOptions withAttention(AttentionForm form) {
    return new ExecutionOptions(lowering, threads, weights, products, attentionBlock, form, device);
  }

  /** The same on another device. */
  public ExecutionOptions withDevice(Device other) {
    return new ExecutionOptions(
        lowering, threads, weights, products, attentionBlock, attention, other);
  }
}
