package org.etalon.training.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.problem.Problem;
import org.etalon.graph.program.Decoder;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.etalon.training.config.Configuration;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final List<String> SMALL =
      List.of(
          "model.hidden=16",
          "model.intermediate=16",
          "model.layers=1",
          "model.heads=2",
          "model.kvHeads=1",
          "model.headDim=8",
          "model.maxPositions=128");

  private static List<List<Response>> sample(Policy policy, int maxNewTokens) {
    var problem = new Problem("p", "algebra", "What is 1+1?", "2", List.of());
    var spec = new SampleSpec(4, maxNewTokens, 4, Sampling.at(1, 3));
    return policy.sample(List.of(problem), spec, tokens -> {});
  }

  /** The stages of a curriculum, one after the other and back again. */
  @Test
  void longerResponsesComeAfterShorterOnesAndNoMemoryIsKept() {
    Configuration configuration = Configuration.load(Optional.empty(), SMALL);
    try (Policy policy = Policy.base(configuration)) {
      List<List<Response>> first = sample(policy, 5);
      List<List<Response>> longer = sample(policy, 40);
      int prompt = first.get(0).get(0).prompt().length;
      assertEquals(0, policy.decoder(4, prompt, 5).heldPositions());
      assertEquals(0, policy.decoder(4, prompt, 40).heldPositions());
      assertTrue(
          longer.get(0).stream().anyMatch(r -> r.completion().ids().length > 5), "a longer stage");
      for (int i = 0; i < 4; i++) {
        int[] begin = first.get(0).get(i).completion().ids();
        int[] whole = longer.get(0).get(i).completion().ids();
        for (int t = 0; t < begin.length; t++) {
          assertEquals(begin[t], whole[t], "token " + t + " of response " + i);
        }
      }
    }
  }

  @Test
  void onlyTheLastDecoderHoldsMemory() {
    Configuration configuration = Configuration.load(Optional.empty(), SMALL);
    try (Policy policy = Policy.base(configuration)) {
      Decoder one = policy.decoder(1, 8, 8);
      new RolloutEngine(one, Set.of())
          .generate(List.of(new Request(new int[] {1}, 0, 3)), Sampling.greedy());
      assertEquals(one.capacity(), one.heldPositions());
      assertEquals(one, policy.decoder(1, 8, 8));
      assertEquals(one.capacity(), one.heldPositions());
      policy.decoder(1, 8, 16);
      assertEquals(0, one.heldPositions());
    }
  }
}
