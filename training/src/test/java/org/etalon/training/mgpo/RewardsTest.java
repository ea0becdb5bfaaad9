package org.etalon.training.mgpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.etalon.graph.loss.GroupAdvantage;
import org.etalon.graph.loss.MaxEntropyWeight;
import org.etalon.training.policy.Graded;
import org.junit.jupiter.api.Test;

class RewardsTest {
  private static final boolean[] THREE_OF_FOUR = {true, true, true, false};

  @Test
  void areBinaryByDefault() {
    Graded group = Groups.group("a", 3, THREE_OF_FOUR, 100, 200, 400, -50);
    assertArrayEquals(new double[] {1, 1, 1, 0}, Mgpo.rewards(group, Groups.settings()));
  }

  @Test
  void longToShortShiftsRightResponsesOnly() {
    Graded group = Groups.group("a", 3, THREE_OF_FOUR, 100, 200, 400, 50);
    double[] rewards = Mgpo.rewards(group, Groups.settings("mgpo.long2short=0.2"));
    assertArrayEquals(new double[] {1.2, 0.96, 0.84, 0}, rewards, 1e-12);
  }

  @Test
  void accuracyComesFromTheVerdictsWhateverTheShift() {
    Graded group = Groups.group("a", 3, THREE_OF_FOUR, 100, 200, 400, 50);
    double[] rewards = Mgpo.rewards(group, Groups.settings("mgpo.long2short=0.2"));
    var advantage = new GroupAdvantage(new MaxEntropyWeight(1), 1, 1e-4);
    assertEquals(0.75, advantage.of(group.correct(), rewards).accuracy());
  }

  @Test
  void onlyTruncatedResponsesArePenalised() {
    Graded group = Groups.group("a", 3, THREE_OF_FOUR, 100, 200, 400, -50);
    double[] rewards =
        Mgpo.rewards(
            group, Groups.settings("mgpo.truncated=penalty", "mgpo.truncationPenalty=0.25"));
    assertArrayEquals(new double[] {1, 1, 1, -0.25}, rewards);
    assertArrayEquals(
        new double[] {1, 1, 1, 0},
        Mgpo.rewards(group, Groups.settings("mgpo.truncationPenalty=0.25")));
  }
}
