package org.etalon.training.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.rollout.Request;
import org.junit.jupiter.api.Test;

class RolloutPlanTest {
  private static final ModelConfig TINY = NamedShapes.of("tiny");
  private static final RolloutPlan PLAN = RolloutPlan.spread(2, 2, 3, 5, 4, 14, 100, 7);

  @Test
  void lengthsAreSpreadEvenlyAndShuffledBySeed() {
    assertEquals(List.of(4, 6, 8, 10, 12, 14), PLAN.lengths().stream().sorted().toList());
    assertEquals(PLAN.lengths(), RolloutPlan.spread(2, 2, 3, 5, 4, 14, 100, 7).lengths());
    assertEquals(54, PLAN.tokens());
    assertEquals(14, PLAN.longest());
  }

  @Test
  void aGroupSharesItsPromptAndHasKeysOfItsOwn() {
    List<Request> requests = PLAN.requests();
    assertSame(requests.get(0).prompt(), requests.get(2).prompt());
    assertEquals(PLAN.prompts().get(1), requests.get(3).prompt());
    assertEquals(6, requests.stream().map(Request::sequence).distinct().count());
  }

  @Test
  void workReadsMatricesOnceAStepAndKeysByPosition() {
    Flops flops = new Flops(TINY);
    Traffic traffic = new Traffic(TINY, WeightType.BFLOAT16);
    double operations = 2 * flops.forward(5);
    double positions = 0;
    for (int length : PLAN.lengths()) {
      // Token t of a response, from the second on, is drawn after 5 + t positions.
      for (int t = 1; t < length; t++) {
        operations += flops.decoding(5 + t);
        positions += 5 + t;
      }
    }
    Work work = PLAN.work(TINY, WeightType.BFLOAT16);
    assertEquals(54, work.tokens());
    assertEquals(operations, work.flops(), 1e-9 * operations);
    // 48 tokens after the first ones in two slots take 24 steps.
    double bytes = 24 * traffic.weights() + positions * traffic.keyValues();
    assertEquals(bytes, work.bytes(), 1e-9 * bytes);
  }

  @Test
  void oneLongResponseTakesAsManyStepsAsItHasTokens() {
    RolloutPlan plan = RolloutPlan.spread(8, 1, 2, 5, 4, 20, 100, 7);
    Traffic traffic = new Traffic(TINY, WeightType.FLOAT32);
    double positions = 3 * (5 + 2) + 19 * (5 + 10);
    assertEquals(
        19 * traffic.weights() + positions * traffic.keyValues(),
        plan.work(TINY, WeightType.FLOAT32).bytes());
  }

  @Test
  void impossiblePlansAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> RolloutPlan.spread(2, 0, 3, 5, 4, 14, 100, 7));
    assertThrows(
        IllegalArgumentException.class, () -> RolloutPlan.spread(2, 2, 3, 5, 4, 3, 100, 7));
    assertThrows(
        IllegalArgumentException.class, () -> RolloutPlan.spread(0, 2, 3, 5, 4, 14, 100, 7));
  }
}
