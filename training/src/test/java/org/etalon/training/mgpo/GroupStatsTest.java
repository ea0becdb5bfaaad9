package org.etalon.training.mgpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.etalon.graph.loss.GroupAdvantage;
import org.etalon.graph.loss.MaxEntropyWeight;
import org.etalon.training.policy.Graded;
import org.junit.jupiter.api.Test;

class GroupStatsTest {
  /** Groups that lost responses which could not be graded are smaller, and may come first. */
  @Test
  void groupsOfDifferentSizesAreCountedByTheirRightResponses() {
    Graded one = Groups.group("a", 3, new boolean[] {true}, 10);
    Graded four = Groups.group("b", 3, new boolean[] {true, true, true, false}, 20, 30, 40, -50);
    var advantage = new GroupAdvantage(new MaxEntropyWeight(1), 1, 1e-4);
    double[] rewards = {1, 1, 1, 0};
    Map<String, Object> values =
        GroupStats.values(
            List.of(one, four),
            List.of(
                new GroupAdvantage.Group(1, 1, new double[1]),
                advantage.of(four.correct(), rewards)),
            List.of(new double[] {1}, rewards),
            4);
    assertArrayEquals(new int[] {0, 1, 0, 1, 0}, (int[]) values.get("mgpo/accuracy_histogram"));
    assertEquals(0.8, (Double) values.get("reward"), 1e-12);
    assertEquals(0.5, values.get("frac_reward_zero_std"));
    assertEquals(0.25, (Double) values.get("reward_std"), 1e-12);
    assertEquals(0.2, (Double) values.get("completions/clipped_ratio"), 1e-12);
    assertEquals(30.0, values.get("completions/mean_length"));
  }
}
