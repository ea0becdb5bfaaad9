package org.etalon.training.statistics;

import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Percentile bootstrap of a mean over problems.
 *
 * <p>Our choice: problems are resampled, not single responses, because responses to one problem are
 * not independent. Where all problems score the same the interval is one point; read it with the
 * number of problems beside it.
 *
 * @param resamples how often the problems are drawn anew
 * @param confidence in (0, 1), e.g. 0.95
 * @param seed same seed, same interval
 */
public record Bootstrap(int resamples, double confidence, long seed) {
  public Bootstrap {
    if (resamples < 1) {
      throw new IllegalArgumentException("resamples must be at least 1, got " + resamples);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be inside (0, 1), got " + confidence);
    }
  }

  /**
   * The mean of the scores with its interval.
   *
   * @param scores one score per problem, at least one
   */
  public Interval mean(double[] scores) {
    if (scores.length == 0) {
      throw new IllegalArgumentException("an interval needs at least one problem, got none");
    }
    RandomGenerator random = new Well19937c(seed);
    double[] means = new double[resamples];
    for (int r = 0; r < resamples; r++) {
      double sum = 0;
      for (int i = 0; i < scores.length; i++) {
        sum += scores[random.nextInt(scores.length)];
      }
      means[r] = sum / scores.length;
    }
    double tail = 50 * (1 - confidence);
    var percentile = new Percentile();
    percentile.setData(means);
    return new Interval(
        StatUtils.mean(scores), percentile.evaluate(tail), percentile.evaluate(100 - tail));
  }

  /**
   * The mean difference {@code a − b} of two models over the same problems, paired by problem: a
   * sharper comparison than two separate intervals.
   *
   * @param a scores of one model
   * @param b scores of the other, in the same order of problems
   */
  public Interval meanDifference(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "paired scores must cover the same problems, got " + a.length + " and " + b.length);
    }
    double[] differences = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      differences[i] = a[i] - b[i];
    }
    return mean(differences);
  }
}
