package org.etalon.graph.loss;

/**
 * Advantages of the G responses to one prompt: A_i = (r_i − μ)/(σ + e), scaled by the group's
 * max-entropy weight.
 *
 * <p>Paper: P1 §3.2 and §3.4. The accuracy comes from the binary verdicts, not from the rewards:
 * shaping (length penalties, Long2Short) changes rewards but not what was right. Our choice: ddof
 * and e are options, because the paper leaves them open and trainers differ (TRL: 1, 1e-4).
 *
 * @param weight w_ME
 * @param ddof subtracted from G in σ's denominator: 0 population, 1 sample
 * @param epsilon e, added to σ
 */
public record GroupAdvantage(MaxEntropyWeight weight, int ddof, double epsilon) {
  public GroupAdvantage {
    if (ddof != 0 && ddof != 1) {
      throw new IllegalArgumentException(
          "ddof must be 0 or 1, got " + ddof + "; set mgpo.sigmaDdof");
    }
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException(
          "epsilon must not be negative, got " + epsilon + "; set mgpo.sigmaEpsilon");
    }
  }

  /**
   * A weighted group.
   *
   * @param accuracy p_c, share of right responses
   * @param weight w_ME(p_c)
   * @param advantages A'_i = w_ME · A_i
   */
  public record Group(double accuracy, double weight, double[] advantages) {
    /** Whether responses differ in verdict: an all-right or all-wrong group has no signal. */
    public boolean informative() {
      return accuracy > 0 && accuracy < 1;
    }
  }

  /**
   * Advantages of one group.
   *
   * @param correct binary verdict of each response
   * @param rewards reward of each response, after any shaping
   */
  public Group of(boolean[] correct, double[] rewards) {
    int n = rewards.length;
    if (n < 2 || correct.length != n) {
      throw new IllegalArgumentException(
          "a group needs at least 2 responses with a verdict and a reward each, got "
              + correct.length
              + " verdicts and "
              + n
              + " rewards; set mgpo.rollouts");
    }
    int right = 0;
    double mean = 0;
    for (int i = 0; i < n; i++) {
      right += correct[i] ? 1 : 0;
      mean += rewards[i] / n;
    }
    double squares = 0;
    for (double reward : rewards) {
      squares += (reward - mean) * (reward - mean);
    }
    double sigma = Math.sqrt(squares / (n - ddof));
    double accuracy = (double) right / n;
    double w = weight.weight(accuracy);
    double[] advantages = new double[n];
    for (int i = 0; i < n; i++) {
      double centred = rewards[i] - mean;
      advantages[i] = centred == 0 ? 0 : w * (centred / (sigma + epsilon));
    }
    return new Group(accuracy, w, advantages);
  }
}
