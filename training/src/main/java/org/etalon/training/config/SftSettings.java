package org.etalon.training.config;

/**
 * The spectrum phase: cross-entropy on response tokens, a checkpoint every {@code saveEvery} steps.
 * Paper: §2 and §3.3; the paper leaves every number open.
 *
 * @param rows packed rows per step
 * @param length tokens per row
 * @param microRows rows per forward and backward pass; divides {@code rows}
 * @param steps optimizer steps
 * @param learningRate peak learning rate
 * @param minLearningRate learning rate at the end of the cosine
 * @param warmupRatio share of the steps with linear warm-up
 * @param weightDecay decoupled weight decay
 * @param beta1 decay of AdamW's first moment
 * @param beta2 decay of AdamW's second moment
 * @param epsilon AdamW's epsilon
 * @param clipNorm largest global norm of the gradient; 0 turns clipping off
 * @param headChunk tokens whose logits are held at once
 * @param recompute what the backward pass computes again
 * @param saveEvery steps between checkpoints, the candidates of the probe
 * @param logEvery steps between printed lines
 * @param keepLast checkpoints kept with optimizer state for resuming
 */
public record SftSettings(
    int rows,
    int length,
    int microRows,
    int steps,
    double learningRate,
    double minLearningRate,
    double warmupRatio,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon,
    double clipNorm,
    int headChunk,
    Recompute recompute,
    int saveEvery,
    int logEvery,
    int keepLast) {
  public SftSettings {
    Check.atLeast("sft.rows", "rows per step", rows, 1);
    Check.atLeast("sft.length", "tokens per row", length, 2);
    Check.atLeast("sft.microRows", "rows per pass", microRows, 1);
    Check.that(
        rows % microRows == 0,
        "sft.microRows",
        "rows per pass must divide the " + rows + " rows of a step, got " + microRows);
    Check.atLeast("sft.steps", "steps", steps, 1);
    Optimizer.check(
        "sft", learningRate, minLearningRate, weightDecay, beta1, beta2, epsilon, clipNorm);
    Check.within("sft.warmupRatio", "share of warm-up steps", warmupRatio, 0, 1);
    Check.atLeast("sft.headChunk", "tokens per chunk of the head", headChunk, 1);
    Check.atLeast("sft.saveEvery", "steps between checkpoints", saveEvery, 1);
    Check.atLeast("sft.logEvery", "steps between log lines", logEvery, 1);
    Check.atLeast("sft.keepLast", "checkpoints kept for resuming", keepLast, 1);
  }
}
