package org.etalon.training.mgpo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.etalon.data.problem.Problem;
import org.etalon.graph.loss.GroupAdvantage;
import org.etalon.graph.loss.MaxEntropyWeight;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.TrainedResponse;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Response;
import org.junit.jupiter.api.Test;

class RolloutBatchTest {
  private static final Problem PROBLEM = new Problem("p", "algebra", "1+1?", "2", List.of());

  private static MgpoSettings settings(String... sets) {
    List<String> all = new ArrayList<>(List.of("mgpo.rollouts=2"));
    all.addAll(List.of(sets));
    return Configuration.load(Optional.empty(), all).mgpo();
  }

  private static Response response(int promptLength, int tokens, Completion.Finish finish) {
    float[] logps = new float[tokens];
    for (int i = 0; i < tokens; i++) {
      logps[i] = -i - 1;
    }
    return new Response(
        IntStream.range(100, 100 + promptLength).toArray(),
        new Completion(IntStream.range(200, 200 + tokens).toArray(), logps, finish),
        "");
  }

  private static Graded group(boolean first, boolean second, int... tokens) {
    return new Graded(
        PROBLEM,
        List.of(
            response(4, tokens[0], Completion.Finish.STOP),
            response(4, tokens[1], Completion.Finish.LENGTH)),
        Groups.verdicts(first, second));
  }

  private static List<TrainedResponse> responses(MgpoSettings settings, Graded... groups) {
    var advantage = new GroupAdvantage(new MaxEntropyWeight(1), 1, 1e-4);
    List<GroupAdvantage.Group> advantages = new ArrayList<>();
    for (Graded g : groups) {
      boolean[] c = g.correct();
      advantages.add(advantage.of(c, new double[] {c[0] ? 1 : 0, c[1] ? 1 : 0}));
    }
    return RolloutBatch.responses(List.of(groups), advantages, settings);
  }

  @Test
  void sequenceMeanGivesEachResponseOfAKeptGroupTheSameShare() {
    List<TrainedResponse> responses =
        responses(settings(), group(true, false, 3, 9), group(true, true, 5, 5));
    assertEquals(2, responses.size(), "the all-right group is dropped by accuracy");
    for (TrainedResponse response : responses) {
      assertEquals(0.5, response.weight() * response.completion().ids().length, 1e-12);
    }
  }

  @Test
  void tokenMeanGivesEachTokenTheSameShare() {
    List<TrainedResponse> responses =
        responses(settings("mgpo.aggregation=token-mean"), group(true, false, 3, 9));
    assertEquals(1.0 / 12, responses.get(0).weight(), 1e-12);
    assertEquals(1.0 / 12, responses.get(1).weight(), 1e-12);
  }

  @Test
  void maskedTruncatedResponsesLeaveTheLossButNotTheGroup() {
    List<TrainedResponse> responses =
        responses(settings("mgpo.truncated=mask"), group(true, false, 3, 9));
    assertEquals(1, responses.size());
    assertTrue(responses.get(0).advantage() > 0, "the masked one still counts in the group's mean");
    assertEquals(1.0 / (2 * 3), responses.get(0).weight(), 1e-12, "the divisor stays G");
  }

  @Test
  void theDivisorIsWhatIsLeftOfAGroup() {
    Graded three = Groups.group("a", 4, new boolean[] {true, false, false}, 2, 4, 5);
    Graded one = Groups.group("b", 4, new boolean[] {true}, 7);
    var advantage = new GroupAdvantage(new MaxEntropyWeight(1), 1, 1e-4);
    List<GroupAdvantage.Group> advantages =
        List.of(
            advantage.of(three.correct(), new double[] {1, 0, 0}),
            new GroupAdvantage.Group(1, 1, new double[1]));
    for (String drop : List.of("true", "false")) {
      List<TrainedResponse> responses =
          RolloutBatch.responses(
              List.of(three, one),
              advantages,
              settings("mgpo.rollouts=4", "mgpo.dropUninformative=" + drop));
      assertEquals(3, responses.size(), "a group of one carries no signal");
      for (TrainedResponse response : responses) {
        assertEquals(1 / 3.0, response.weight() * response.completion().ids().length, 1e-12);
      }
    }
  }

  @Test
  void everyEpochOfPromptsIsAPermutation() {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      problems.add(new Problem("p" + i, "algebra", "q" + i, "a", List.of()));
    }
    var order = new PromptOrder(problems, 4, 7);
    List<String> drawn = new ArrayList<>();
    for (int step = 0; step < 5; step++) {
      order.at(step).forEach(p -> drawn.add(p.id()));
      assertEquals(order.at(step), new PromptOrder(problems, 4, 7).at(step));
    }
    for (List<String> epoch : List.of(drawn.subList(0, 10), drawn.subList(10, 20))) {
      Set<String> distinct = new HashSet<>(epoch);
      assertEquals(10, distinct.size());
    }
  }
}
