package org.etalon.training.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.util.CombinatoricsUtils;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void passAtKEqualsCountingSubsets() {
    for (int n = 1; n <= 16; n++) {
      for (int c = 0; c <= n; c++) {
        for (int k = 1; k <= n; k++) {
          double wrong =
              n - c < k
                  ? 0
                  : CombinatoricsUtils.binomialCoefficientDouble(n - c, k)
                      / CombinatoricsUtils.binomialCoefficientDouble(n, k);
          assertEquals(1 - wrong, PassAtK.estimate(n, c, k), 1e-12, n + " " + c + " " + k);
        }
      }
    }
  }

  @Test
  void passAt1IsTheAccuracy() {
    assertArrayEquals(
        new double[] {0, 0.25, 1}, PassAtK.estimates(4, new int[] {0, 1, 4}, 1), 1e-15);
  }

  @Test
  void passAtKStaysExactForManySamples() {
    double value = PassAtK.estimate(100_000, 1, 50_000);
    assertEquals(0.5, value, 1e-9);
  }

  @Test
  void passAtKRefusesMoreDrawsThanSamples() {
    assertThrows(IllegalArgumentException.class, () -> PassAtK.estimate(4, 1, 5));
    assertThrows(IllegalArgumentException.class, () -> PassAtK.estimate(4, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> PassAtK.estimate(4, 5, 1));
  }

  @Test
  void wilsonAgreesWithThePublishedFormula() {
    // p = 0.8, n = 10, z = 1.959964: centre (p + z²/2n)/(1 + z²/n), half width as in Wilson 1927.
    double z = 1.959963985;
    double centre = (0.8 + z * z / 20) / (1 + z * z / 10);
    double half = z * Math.sqrt(0.8 * 0.2 / 10 + z * z / 400) / (1 + z * z / 10);
    Interval interval = Interval.wilson(8, 10, 0.95);
    assertEquals(0.8, interval.value(), 1e-15);
    assertEquals(centre - half, interval.low(), 1e-8);
    assertEquals(centre + half, interval.high(), 1e-8);
    assertEquals(0, Interval.wilson(0, 10, 0.95).low(), 1e-15);
    assertTrue(Interval.wilson(0, 10, 0.95).high() > 0.2);
    assertThrows(IllegalArgumentException.class, () -> Interval.wilson(1, 0, 0.95));
  }

  @Test
  void bootstrapOfABernoulliSampleIsNearTheNormalInterval() {
    double[] scores = new double[400];
    Arrays.fill(scores, 0, 100, 1);
    Interval interval = new Bootstrap(4000, 0.95, 3).mean(scores);
    double half = 1.96 * Math.sqrt(0.25 * 0.75 / 400);
    assertEquals(0.25, interval.value(), 1e-12);
    assertEquals(0.25 - half, interval.low(), 0.006);
    assertEquals(0.25 + half, interval.high(), 0.006);
  }

  @Test
  void bootstrapDependsOnItsSeedAlone() {
    double[] scores = new Random(1).doubles(50).toArray();
    var seeded = new Bootstrap(200, 0.95, 7);
    assertEquals(seeded.mean(scores), seeded.mean(scores));
    assertNotEquals(seeded.mean(scores), new Bootstrap(200, 0.95, 8).mean(scores));
  }

  @Test
  void pairedDifferenceIsNarrowerThanTheScoresThemselves() {
    double[] a = new Random(1).doubles(100).toArray();
    double[] b = Arrays.stream(a).map(x -> x - 0.1).toArray();
    Interval difference = new Bootstrap(500, 0.95, 1).meanDifference(a, b);
    assertEquals(0.1, difference.value(), 1e-12);
    assertTrue(difference.high() - difference.low() < 1e-9);
    double[] other = {1};
    assertThrows(
        IllegalArgumentException.class, () -> new Bootstrap(9, 0.9, 1).meanDifference(a, other));
  }

  @Test
  void intervalsAreApartOnlyWithoutACommonPoint() {
    var low = new Interval(0.2, 0.1, 0.3);
    assertTrue(low.isApartFrom(new Interval(0.5, 0.31, 0.6)));
    assertFalse(low.isApartFrom(new Interval(0.5, 0.3, 0.6)));
    assertTrue(low.contains(0.3));
    assertFalse(low.contains(0.31));
    assertThrows(IllegalArgumentException.class, () -> new Interval(0, 1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new Bootstrap(9, 0.9, 1).mean(new double[0]));
  }

  @Test
  void consensusIsTheMostFrequentAnswerWithTiesShared() {
    boolean[] firstRight = {true, true, false, false, false};
    assertEquals(1, Consensus.of(new int[] {0, 0, 1, 2, Consensus.NONE}, firstRight));
    assertEquals(0.5, Consensus.of(new int[] {0, 0, 1, 1, 2}, firstRight));
    assertEquals(0, Consensus.of(new int[] {0, 0, 1, 1, 1}, firstRight));
    int none = Consensus.NONE;
    assertEquals(0, Consensus.of(new int[] {none, none, none, none, none}, firstRight));
    assertEquals(1, Consensus.of(new int[] {none, 0, none, none, none}, firstRight));
  }

  /** By hand: of the 3 pairs of (right, right, wrong) one agrees and two tie. */
  @Test
  void consensusOfFewerResponsesIsTheMeanOverSubsets() {
    int[] classes = {0, 0, 1};
    boolean[] correct = {true, true, false};
    assertEquals(2.0 / 3, Consensus.of(classes, correct, 2, 5), 0.06);
    assertEquals(2.0 / 3, Consensus.of(classes, correct, 1, 5), 0.1);
    assertEquals(1, Consensus.of(classes, correct, 3, 5));
    assertEquals(Consensus.of(classes, correct, 2, 5), Consensus.of(classes, correct, 2, 5));
    assertThrows(IllegalArgumentException.class, () -> Consensus.of(classes, correct, 4, 5));
  }

  /** Every subset counted against the estimate from 200 drawn ones. */
  @Test
  void consensusEstimateAgreesWithCountingSubsets() {
    int[] classes = {0, 1, 1, 2, 0, 2, 2, Consensus.NONE};
    boolean[] correct = {false, true, true, false, false, false, false, false};
    int n = classes.length;
    for (int k = 1; k <= n; k++) {
      double sum = 0;
      int subsets = 0;
      for (int mask = 0; mask < 1 << n; mask++) {
        if (Integer.bitCount(mask) == k) {
          int[] own = new int[k];
          boolean[] right = new boolean[k];
          int at = 0;
          for (int i = 0; i < n; i++) {
            if ((mask >> i & 1) == 1) {
              own[at] = classes[i];
              right[at++] = correct[i];
            }
          }
          sum += Consensus.of(own, right);
          subsets++;
        }
      }
      // Four standard errors of a mean of 200 values in [0, 1].
      assertEquals(sum / subsets, Consensus.of(classes, correct, k, 11), 0.142, "k = " + k);
    }
  }
}
