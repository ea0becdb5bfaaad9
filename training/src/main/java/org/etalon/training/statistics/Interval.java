package org.etalon.training.statistics;

import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * An estimate with its confidence interval.
 *
 * @param value the estimate
 * @param low lower end, at most {@code high}
 * @param high upper end
 */
public record Interval(double value, double low, double high) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "the lower end of an interval must be at most the upper, got " + low + " and " + high);
    }
  }

  /**
   * Wilson's score interval of a proportion; unlike the normal one it stays inside [0, 1] and is
   * not empty at 0 or 1.
   *
   * @param successes from 0 to {@code trials}
   * @param trials at least 1
   * @param confidence in (0, 1), e.g. 0.95
   */
  public static Interval wilson(int successes, int trials, double confidence) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          "successes must be between 0 and at least one trial, got " + successes + " of " + trials);
    }
    ConfidenceInterval interval =
        new WilsonScoreInterval().createInterval(trials, successes, confidence);
    double low = Math.max(0, interval.getLowerBound());
    double high = Math.min(1, interval.getUpperBound());
    return new Interval((double) successes / trials, low, high);
  }

  /** Whether the two intervals have no point in common. */
  public boolean isApartFrom(Interval other) {
    return high < other.low || other.high < low;
  }

  /** Whether {@code x} lies inside, ends included. */
  public boolean contains(double x) {
    return low <= x && x <= high;
  }
}
