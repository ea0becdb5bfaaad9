package org.etalon.training.config;

/**
 * Scoring of every spectrum-phase checkpoint on each subdomain's probing set. Paper: §3.3.
 *
 * @param samples responses per problem
 * @param k the K of Pass@K, at most {@code samples}
 * @param temperature sampling temperature
 * @param topP nucleus mass
 * @param topK candidates kept; 0 keeps all
 * @param maxNewTokens longest response in tokens
 * @param problemsPerSubdomain size of one probing set
 * @param slots responses decoded side by side
 * @param metric the score by which a specialist is chosen
 */
public record ProbeSettings(
    int samples,
    int k,
    double temperature,
    double topP,
    int topK,
    int maxNewTokens,
    int problemsPerSubdomain,
    int slots,
    Metric metric) {
  public ProbeSettings {
    Sampling.check("probe", temperature, topP, topK, slots);
    Sampling.checkPassAtK("probe", samples, k);
    Check.atLeast("probe.maxNewTokens", "longest response in tokens", maxNewTokens, 1);
    Check.atLeast(
        "probe.problemsPerSubdomain", "problems per probing set", problemsPerSubdomain, 1);
  }

  /** What a checkpoint is scored by. */
  public enum Metric {
    /** Mean accuracy: how sharp a checkpoint is. */
    PASS_AT_1("pass@1"),
    /** Unbiased Pass@K: how wide its spectrum of solutions is, the paper's choice. */
    PASS_AT_K("pass@k");

    private final String name;

    Metric(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
