package org.etalon.training.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.rollout.Completion;
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

  @Test
  void responsesBecomeRowsWithTheirSampledLogProbabilities() {
    RolloutPlan plan = RolloutPlan.spread(2, 1, 2, 3, 2, 2, 100, 7);
    List<Completion> completions =
        List.of(completion(new float[] {-1, -2}), completion(new float[] {-3, -4}));
    ResponseBatch batch = ResponseBatch.of(plan, completions, List.of(1, 0), 3);
    assertEquals(3, batch.tokens().rows());
    assertEquals(32, batch.tokens().length());
    float[] old = batch.inputs().get("old_logp");
    assertArrayEquals(new float[] {0, -3, -4, 0}, Arrays.copyOfRange(old, 1, 5));
    assertArrayEquals(new int[] {0, 8, 9, 0}, Arrays.copyOfRange(batch.tokens().targets(), 1, 5));
    float[] weights = batch.tokens().weights();
    assertEquals(4, IntStream.range(0, 96).filter(i -> weights[i] > 0).count());
    assertEquals(0.25f, weights[2]);
    assertEquals(-1, batch.inputs().get("advantage")[2]);
    assertEquals(1, batch.inputs().get("advantage")[32 + 2]);
  }

  @Test
  void theGapCountsSampledTokensOnly() {
    RolloutPlan plan = RolloutPlan.spread(1, 1, 1, 3, 2, 2, 100, 7);
    ResponseBatch batch =
        ResponseBatch.of(plan, List.of(completion(new float[] {-1, -2})), List.of(0), 1);
    float[] logps = new float[32];
    Arrays.fill(logps, 100);
    logps[2] = -1.5f;
    logps[3] = -1f;
    assertEquals(1.5, batch.gap(logps), 1e-6);
  }

  private static Completion completion(float[] logps) {
    return new Completion(new int[] {8, 9}, logps, Completion.Finish.LENGTH);
  }
}
