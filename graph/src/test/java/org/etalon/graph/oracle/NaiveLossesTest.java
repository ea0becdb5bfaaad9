package org.etalon.graph.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NaiveLossesTest {
  @Test
  void weightsOfAGroupOfEightAreThePapersCheckValues() {
    double[] expected = {0.5, 0.728785, 0.877383, 0.968910, 1, 0.968910, 0.877383, 0.728785, 0.5};
    for (int correct = 0; correct <= 8; correct++) {
      assertEquals(expected[correct], NaiveLosses.weight(correct / 8.0, 1), 5e-7);
    }
  }

  @Test
  void certainGroupsWeighTwoToTheMinusSharpness() {
    for (double sharpness : new double[] {0, 0.5, 4}) {
      assertEquals(Math.pow(2, -sharpness), NaiveLosses.weight(0, sharpness), 1e-15);
      assertEquals(Math.pow(2, -sharpness), NaiveLosses.weight(1, sharpness), 1e-15);
    }
  }

  @Test
  void sharpnessZeroWeighsExactlyOne() {
    assertEquals(1.0, NaiveLosses.weight(0.125, 0), 0.0);
  }

  @Test
  void longToShortGivesThePapersCheckValues() {
    double[] shifted =
        NaiveLosses.longToShort(new double[] {1, 1, 1}, new int[] {100, 200, 400}, 0.2);
    assertArrayEquals(new double[] {1.2, 0.96, 0.84}, shifted, 1e-12);
  }

  @Test
  void longToShortLeavesWrongRolloutsAndEqualLengthsAlone() {
    double[] shifted =
        NaiveLosses.longToShort(new double[] {1, 0, 1, 0}, new int[] {50, 7, 90, 3}, 0.2);
    assertArrayEquals(new double[] {1.2, 0, 0.8, 0}, shifted, 1e-12);
    double[] equal = NaiveLosses.longToShort(new double[] {1, 1, 0}, new int[] {49, 49, 7}, 0.2);
    assertArrayEquals(new double[] {1, 1, 0}, equal, 0);
  }

  @Test
  void accuracyCountsOnlyRewardsOfExactlyOne() {
    assertEquals(0.25, NaiveLosses.accuracy(new double[] {1, 0.5, 1.2, 0}), 0);
  }

  @Test
  void advantageDividesByTheChosenDeviation() {
    double[] rewards = {1, 0, 0, 0};
    double population = Math.sqrt(3) / 4;
    double sample = 0.5;
    assertEquals(0.75 / population, NaiveLosses.advantages(rewards, 0, 0)[0], 1e-12);
    assertEquals(-0.25 / sample, NaiveLosses.advantages(rewards, 1, 0)[2], 1e-12);
    assertEquals(0.75 / (sample + 0.1), NaiveLosses.advantages(rewards, 1, 0.1)[0], 1e-12);
  }

  @Test
  void equalRewardsHaveNoAdvantageEvenWithoutEpsilon() {
    assertArrayEquals(new double[3], NaiveLosses.advantages(new double[] {1, 1, 1}, 1, 0), 0);
  }

  @Test
  void overlongPenaltyFallsLinearlyInTheWindow() {
    assertEquals(0, NaiveLosses.overlongPenalty(80, 100, 20), 0);
    assertEquals(-0.25, NaiveLosses.overlongPenalty(85, 100, 20), 1e-15);
    assertEquals(-1, NaiveLosses.overlongPenalty(100, 100, 20), 0);
    assertEquals(-1, NaiveLosses.overlongPenalty(130, 100, 20), 0);
  }

  @Test
  void crossEntropyIsTheMeanOverMaskedTokensOfAllRows() {
    double[][] logProbs = {{-1, -2, -3}, {-10}};
    boolean[][] mask = {{true, false, true}, {true}};
    assertEquals(14 / 3.0, NaiveLosses.crossEntropy(logProbs, mask), 1e-12);
    double[][] gradient = NaiveLosses.crossEntropyGradient(mask);
    assertArrayEquals(new double[] {-1 / 3.0, 0, -1 / 3.0}, gradient[0], 1e-15);
    assertArrayEquals(new double[] {-1 / 3.0}, gradient[1], 1e-15);
  }
}
