package org.etalon.graph.plan;

/**
 * Predicted memory at the worst moment of a stage, in bytes, by what it is for.
 *
 * @param weights float32 weights, of a reference model too
 * @param copies bfloat16 copies that products read
 * @param gradients sums of gradients
 * @param moments AdamW's first and second moments
 * @param activations what the backward pass needs of the forward pass
 * @param workspace what lives for a moment: logits, scores, a layer's gradients, new weights
 * @param cache keys and values of the decoder's slots
 * @param process what the process takes besides
 */
public record Memory(
    long weights,
    long copies,
    long gradients,
    long moments,
    long activations,
    long workspace,
    long cache,
    long process) {

  /** Nothing. */
  static Memory none() {
    return new Memory(0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** All of it. */
  public long total() {
    return weights + copies + gradients + moments + activations + workspace + cache + process;
  }

  /** Both together. */
  public Memory plus(Memory other) {
    return new Memory(
        weights + other.weights,
        copies + other.copies,
        gradients + other.gradients,
        moments + other.moments,
        activations + other.activations,
        workspace + other.workspace,
        cache + other.cache,
        process + other.process);
  }

  /** The same and the process around it. */
  public Memory withProcess(long bytes) {
    return new Memory(
        weights, copies, gradients, moments, activations, workspace, cache, process + bytes);
  }

  /** The larger of two by total: of moments that follow each other, the worse. */
  public Memory max(Memory other) {
    return total() >= other.total() ? this : other;
  }

  static Memory ofCache(long bytes) {
    return new Memory(0, 0, 0, 0, 0, 0, bytes, 0);
  }

  /** What lives for the time of a call. */
  static Memory passing(long activations, long workspace) {
    return new Memory(0, 0, 0, 0, activations, workspace, 0, 0);
  }
}
