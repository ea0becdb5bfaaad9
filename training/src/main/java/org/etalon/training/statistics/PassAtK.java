package org.etalon.training.statistics;

/**
 * Unbiased Pass@K: the chance that at least one of K responses drawn without replacement from the n
 * sampled ones is correct.
 *
 * <p>Paper: §4.1 (after Chen et al. 2021), {@code 1 − Π_{i=n−c+1..n} (1 − k/i)}. The product form
 * never leaves [0, 1] and needs no binomial coefficients.
 */
public final class PassAtK {
  private PassAtK() {}

  /**
   * The estimate for one problem.
   *
   * @param samples n, responses sampled
   * @param correct c, how many of them are correct
   * @param k responses drawn
   * @return a probability; for {@code k = 1} it is {@code correct / samples}
   * @throws IllegalArgumentException unless {@code 0 <= correct <= samples} and {@code 1 <= k <=
   *     samples}
   */
  public static double estimate(int samples, int correct, int k) {
    if (k < 1 || k > samples) {
      throw new IllegalArgumentException(
          "k must be between 1 and the " + samples + " samples of a problem, got " + k);
    }
    if (correct < 0 || correct > samples) {
      throw new IllegalArgumentException(
          "correct responses must be between 0 and the " + samples + " samples, got " + correct);
    }
    if (samples - correct < k) {
      return 1;
    }
    double allWrong = 1;
    for (int i = samples - correct + 1; i <= samples; i++) {
      allWrong *= 1 - (double) k / i;
    }
    return 1 - allWrong;
  }

  /**
   * The estimate for each problem.
   *
   * @param samples responses sampled per problem
   * @param correct correct responses of each problem
   * @param k responses drawn
   */
  public static double[] estimates(int samples, int[] correct, int k) {
    double[] result = new double[correct.length];
    for (int i = 0; i < correct.length; i++) {
      result[i] = estimate(samples, correct[i], k);
    }
    return result;
  }
}
