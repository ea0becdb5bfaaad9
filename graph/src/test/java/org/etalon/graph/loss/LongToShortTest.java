package org.etalon.graph.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.etalon.graph.oracle.NaiveLosses;
import org.junit.jupiter.api.Test;

class LongToShortTest {
  private static final boolean[] ALL = {true, true, true};

  @Test
  void shortRightResponsesGainWhatLongOnesLose() {
    double[] shifted =
        new LongToShort(0.2).shift(ALL, new int[] {100, 200, 400}, new double[] {1, 1, 1});
    assertArrayEquals(new double[] {1.2, 0.96, 0.84}, shifted, 1e-12);
    assertEquals(3, Arrays.stream(shifted).sum(), 1e-12);
  }

  @Test
  void agreesWithTheOracleOnRandomGroups() {
    Random random = new Random(5);
    for (int trial = 0; trial < 200; trial++) {
      int n = 2 + random.nextInt(8);
      boolean[] correct = new boolean[n];
      int[] lengths = new int[n];
      double[] rewards = new double[n];
      for (int i = 0; i < n; i++) {
        correct[i] = random.nextBoolean();
        lengths[i] = 1 + random.nextInt(6);
        rewards[i] = correct[i] ? 1 : 0;
      }
      double lambda = random.nextDouble();
      assertArrayEquals(
          NaiveLosses.longToShort(rewards, lengths, lambda),
          new LongToShort(lambda).shift(correct, lengths, rewards),
          1e-12);
    }
  }

  @Test
  void equalLengthsChangeNothing() {
    // The mean of three times 1/49 is not 1/49 in floating point.
    double[] rewards = {1, 1, 1, 0};
    boolean[] correct = {true, true, true, false};
    double[] shifted = new LongToShort(0.2).shift(correct, new int[] {49, 49, 49, 3}, rewards);
    assertArrayEquals(rewards, shifted);
  }

  @Test
  void wrongResponsesKeepTheirRewardsAndDoNotCount() {
    double[] shifted =
        new LongToShort(0.5)
            .shift(
                new boolean[] {false, true, true},
                new int[] {1, 10, 20},
                new double[] {-0.1, 1, 1});
    assertArrayEquals(new double[] {-0.1, 1.5, 0.5}, shifted, 1e-12);
  }

  @Test
  void zeroIsOff() {
    double[] rewards = {1, 1, 1};
    assertArrayEquals(rewards, new LongToShort(0).shift(ALL, new int[] {1, 2, 3}, rewards));
  }

  @Test
  void refusesANegativeShiftAndGroupsThatDoNotFit() {
    assertThrows(IllegalArgumentException.class, () -> new LongToShort(-0.1));
    assertThrows(IllegalArgumentException.class, () -> new LongToShort(Double.NaN));
    LongToShort shift = new LongToShort(0.2);
    assertThrows(
        IllegalArgumentException.class, () -> shift.shift(ALL, new int[] {1, 2}, new double[3]));
    assertThrows(
        IllegalArgumentException.class, () -> shift.shift(ALL, new int[] {1, 0, 2}, new double[3]));
  }
}
