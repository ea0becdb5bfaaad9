package org.etalon.graph.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.etalon.graph.oracle.NaiveLosses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupAdvantageTest {
  @ParameterizedTest
  @CsvSource({"1, 0.728785", "2, 0.877383", "3, 0.968910", "4, 1", "7, 0.728785"})
  void weightsOfEightRolloutsAreThePapers(int right, double expected) {
    assertEquals(expected, new MaxEntropyWeight(1).weight(right / 8.0), 5e-7);
  }

  @Test
  void weightIsOneWhenAccuracyIsHalf() {
    assertEquals(1, new MaxEntropyWeight(4).weight(0.5));
  }

  @ParameterizedTest
  @CsvSource({"0.5", "1", "3"})
  void weightAtTheEndsIsTwoToMinusLambda(double lambda) {
    assertEquals(Math.pow(2, -lambda), new MaxEntropyWeight(lambda).weight(0), 1e-12);
    assertEquals(Math.pow(2, -lambda), new MaxEntropyWeight(lambda).weight(1), 1e-12);
  }

  @Test
  void lambdaZeroIsGrpoBitForBit() {
    Random random = new Random(3);
    for (int round = 0; round < 200; round++) {
      boolean[] correct = new boolean[8];
      double[] rewards = new double[8];
      for (int i = 0; i < 8; i++) {
        correct[i] = random.nextInt(3) == 0;
        rewards[i] = (correct[i] ? 1 : 0) - (random.nextInt(5) == 0 ? 0.1 : 0);
      }
      var mgpo = new GroupAdvantage(new MaxEntropyWeight(0), 1, 1e-4).of(correct, rewards);
      assertArrayEquals(grpo(rewards), mgpo.advantages());
    }
  }

  /** (r − mean) / (deviation + e), without any weight. */
  private static double[] grpo(double[] rewards) {
    double mean = 0;
    for (double r : rewards) {
      mean += r / rewards.length;
    }
    double squares = 0;
    for (double r : rewards) {
      squares += (r - mean) * (r - mean);
    }
    double deviation = Math.sqrt(squares / (rewards.length - 1));
    double[] advantages = new double[rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      double centred = rewards[i] - mean;
      advantages[i] = centred == 0 ? 0 : centred / (deviation + 1e-4);
    }
    return advantages;
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1e-4", "1, 0"})
  void advantagesAgreeWithTheOracle(int ddof, double epsilon) {
    boolean[] correct = {true, false, false, true, false};
    double[] rewards = {1, 0, 0, 1, 0};
    var group = new GroupAdvantage(new MaxEntropyWeight(2), ddof, epsilon).of(correct, rewards);
    double[] plain = NaiveLosses.advantages(rewards, ddof, epsilon);
    double weight = NaiveLosses.weight(0.4, 2);
    assertEquals(0.4, group.accuracy(), 1e-12);
    assertEquals(weight, group.weight(), 1e-12);
    for (int i = 0; i < 5; i++) {
      assertEquals(weight * plain[i], group.advantages()[i], 1e-12);
    }
  }

  @Test
  void accuracyComesFromVerdictsWhateverTheRewards() {
    var group =
        new GroupAdvantage(new MaxEntropyWeight(1), 1, 0)
            .of(new boolean[] {true, true}, new double[] {1.2, 0.8});
    assertEquals(1, group.accuracy());
    assertFalse(group.informative());
    assertTrue(group.advantages()[0] > 0);
  }

  @Test
  void equalRewardsGiveNoAdvantageEvenWithoutEpsilon() {
    var group =
        new GroupAdvantage(new MaxEntropyWeight(1), 0, 0)
            .of(new boolean[3], new double[] {0.1, 0.1, 0.1});
    assertArrayEquals(new double[3], group.advantages(), 1e-12);
  }

  @Test
  void impossibleSettingsNameTheirKey() {
    assertTrue(message(() -> new MaxEntropyWeight(-1)).contains("mgpo.lambda"));
    var weight = new MaxEntropyWeight(1);
    assertTrue(message(() -> new GroupAdvantage(weight, 2, 0)).contains("mgpo.sigmaDdof"));
    var advantage = new GroupAdvantage(weight, 1, 0);
    assertTrue(
        message(() -> advantage.of(new boolean[1], new double[1])).contains("mgpo.rollouts"));
  }

  private static String message(Executable code) {
    return assertThrows(IllegalArgumentException.class, code).getMessage();
  }
}
