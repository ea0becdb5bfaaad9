package org.etalon.training.config;

/**
 * Evaluation on held-out problems with binary rewards. Paper: §4.1 averages 64 samples.
 *
 * @param samples responses per problem
 * @param k the K of Pass@K, at most {@code samples}
 * @param temperature sampling temperature; 0 is greedy
 * @param topP nucleus mass
 * @param maxNewTokens longest response in tokens
 * @param problems held-out problems used; 0 uses all
 * @param slots responses decoded side by side
 * @param bootstrapSamples resamples over problems for the intervals
 * @param confidence of the intervals
 */
public record EvalSettings(
    int samples,
    int k,
    double temperature,
    double topP,
    int maxNewTokens,
    int problems,
    int slots,
    int bootstrapSamples,
    double confidence) {
  public EvalSettings {
    Sampling.check("eval", temperature, topP, 0, slots);
    Sampling.checkPassAtK("eval", samples, k);
    Check.atLeast("eval.maxNewTokens", "longest response in tokens", maxNewTokens, 1);
    Check.atLeast("eval.problems", "held-out problems (0 uses all)", problems, 0);
    Check.atLeast("eval.bootstrapSamples", "bootstrap resamples", bootstrapSamples, 100);
    Check.within("eval.confidence", "confidence of the intervals", confidence, 0.5, 0.999);
  }
}
