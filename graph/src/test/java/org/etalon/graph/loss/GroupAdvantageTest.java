package org.etalon.graph.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.etalon.graph.oracle.NaiveLosses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GroupAdvantageTest {
  @ParameterizedTest
  @CsvSource({"1, 0.728785", "2, 0.877383", "3, 0.968910", "4, 1", "5, 0.968910", "7, 0.728785"})
  void weightsOfEightRolloutsAreThePapers(int correct, double expected) {
    assertEquals(expected, new MaxEntropyWeight(1).weight(correct / 8.0), 5e-7);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 4})
  void weightAtTheEndsIsTwoToTheMinusLambda(double lambda) {
    MaxEntropyWeight weight = new MaxEntropyWeight(lambda);
    assertEquals(Math.pow(2, -lambda), weight.weight(0), 1e-15);
    assertEquals(Math.pow(2, -lambda), weight.weight(1), 1e-15);
    assertEquals(1, weight.weight(0.5), 0);
  }

  @Test
  void deviationAndWeightAgreeWithTheOracle() {
    for (int i = 0; i <= 13; i++) {
      double accuracy = i / 13.0;
      assertEquals(NaiveLosses.deviation(accuracy), MaxEntropyWeight.deviation(accuracy), 1e-15);
      assertEquals(
          NaiveLosses.weight(accuracy, 2.5), new MaxEntropyWeight(2.5).weight(accuracy), 1e-15);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1e-8", "1, 1e-4, 1e-4", "4, 1, 1e-6", "0.7, 0, 0"})
  void advantagesAgreeWithTheOracle(double lambda, double shift, double epsilon) {
    boolean[] correct = {true, false, true, true, false};
    double[] rewards = {1 + shift, 0, 1 - 2 * shift, 1 + shift, 0};
    for (int ddof = 0; ddof < 2; ddof++) {
      double[] expected = NaiveLosses.advantages(rewards, ddof, epsilon);
      double w = NaiveLosses.weight(0.6, lambda);
      Arrays.setAll(expected, i -> w * expected[i]);
      var group = new GroupAdvantage(new MaxEntropyWeight(lambda), ddof, epsilon);
      var actual = group.of(correct, rewards);
      assertEquals(0.6, actual.accuracy(), 1e-15);
      assertEquals(w, actual.weight(), 1e-15);
      assertArrayEquals(expected, actual.advantages(), 1e-12);
    }
  }

  /** With 8 binary rewards every sum is exact, so equality is of bits. */
  @Test
  void lambdaZeroIsGrpoBitForBit() {
    for (int pattern = 0; pattern < 256; pattern++) {
      boolean[] correct = new boolean[8];
      double[] rewards = new double[8];
      for (int i = 0; i < 8; i++) {
        correct[i] = (pattern >> i & 1) == 1;
        rewards[i] = correct[i] ? 1 : 0;
      }
      for (int ddof = 0; ddof < 2; ddof++) {
        var group = new GroupAdvantage(new MaxEntropyWeight(0), ddof, 1e-4).of(correct, rewards);
        assertArrayEquals(NaiveLosses.advantages(rewards, ddof, 1e-4), group.advantages());
        assertEquals(1, group.weight());
      }
    }
  }

  /**
   * A Long2Short shift makes rewards differ in an all-right group; it stays without information.
   */
  @Test
  void accuracyComesFromVerdictsNotFromShapedRewards() {
    var group =
        new GroupAdvantage(new MaxEntropyWeight(1), 0, 0)
            .of(new boolean[] {true, true, true}, new double[] {1.2, 0.96, 0.84});
    assertEquals(1, group.accuracy());
    assertEquals(0.5, group.weight(), 1e-15);
    assertFalse(group.informative());
    assertTrue(group.advantages()[0] > 0);
  }

  @Test
  void equalRewardsGiveNoAdvantageEvenWithoutEpsilon() {
    var group =
        new GroupAdvantage(new MaxEntropyWeight(1), 1, 0)
            .of(new boolean[] {true, true}, new double[] {1, 1});
    assertArrayEquals(new double[2], group.advantages(), 0);
  }

  @Test
  void aGroupOfOneIsRefusedWithTheSettingToChange() {
    var group = new GroupAdvantage(new MaxEntropyWeight(1), 1, 0);
    var error =
        assertThrows(IllegalArgumentException.class, () -> group.of(new boolean[1], new double[1]));
    assertTrue(error.getMessage().contains("mgpo.rollouts"), error.getMessage());
  }
}
