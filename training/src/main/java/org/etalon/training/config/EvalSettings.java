package org.etalon.training.config;

import java.util.List;

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
 * @param benchmarks evaluated besides the held-out problems; usually none
 * @param benchmarkModels the models that are evaluated on them
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
    double confidence,
    List<BenchmarkSettings> benchmarks,
    BenchmarkModels benchmarkModels) {
  public EvalSettings {
    Sampling.check("eval", temperature, topP, 0, slots);
    Sampling.checkPassAtK("eval", samples, k);
    Check.atLeast("eval.maxNewTokens", "longest response in tokens", maxNewTokens, 1);
    Check.atLeast("eval.problems", "held-out problems (0 uses all)", problems, 0);
    Check.atLeast("eval.bootstrapSamples", "bootstrap resamples", bootstrapSamples, 100);
    Check.within("eval.confidence", "confidence of the intervals", confidence, 0.5, 0.999);
    benchmarks = Check.copy("eval.benchmarks", benchmarks);
    // Settings out of range are said now and not after the training.
    benchmarks.forEach(BenchmarkSettings::benchmark);
    long names = benchmarks.stream().map(BenchmarkSettings::name).distinct().count();
    Check.that(
        names == benchmarks.size(),
        "eval.benchmarks",
        "each benchmark must have a name of its own, got "
            + benchmarks.stream().map(BenchmarkSettings::name).toList());
  }

  /** Which of a run's models are evaluated on benchmarks. */
  public enum BenchmarkModels {
    /** The model that the signal phase made. */
    FINAL("final"),
    /** The start model too: the first and the last row of the paper's table. */
    ENDS("ends"),
    /** Every model of the held-out evaluation. */
    ALL("all");

    private final String name;

    BenchmarkModels(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
