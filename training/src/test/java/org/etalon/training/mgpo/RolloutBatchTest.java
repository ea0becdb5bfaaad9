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

  private static List<RolloutBatch.Row> rows(MgpoSettings settings, Graded... groups) {
    var advantage = new GroupAdvantage(new MaxEntropyWeight(1), 1, 1e-4);
    List<GroupAdvantage.Group> advantages = new ArrayList<>();
    for (Graded g : groups) {
      boolean[] c = g.correct();
      advantages.add(advantage.of(c, new double[] {c[0] ? 1 : 0, c[1] ? 1 : 0}));
    }
    return RolloutBatch.rows(List.of(groups), advantages, settings);
  }

  @Test
  void sequenceMeanGivesEachResponseOfAKeptGroupTheSameShare() {
    List<RolloutBatch.Row> rows =
        rows(settings(), group(true, false, 3, 9), group(true, true, 5, 5));
    assertEquals(2, rows.size(), "the all-right group is dropped by accuracy");
    for (RolloutBatch.Row row : rows) {
      assertEquals(0.5, row.weight() * row.response().completion().ids().length, 1e-12);
    }
  }

  @Test
  void tokenMeanGivesEachTokenTheSameShare() {
    List<RolloutBatch.Row> rows =
        rows(settings("mgpo.aggregation=token-mean"), group(true, false, 3, 9));
    assertEquals(1.0 / 12, rows.get(0).weight(), 1e-12);
    assertEquals(1.0 / 12, rows.get(1).weight(), 1e-12);
  }

  @Test
  void maskedTruncatedResponsesLeaveTheLossButNotTheGroup() {
    List<RolloutBatch.Row> rows = rows(settings("mgpo.truncated=mask"), group(true, false, 3, 9));
    assertEquals(1, rows.size());
    assertTrue(rows.get(0).advantage() > 0, "the masked one still counts in the group's mean");
    assertEquals(1.0 / (2 * 3), rows.get(0).weight(), 1e-12, "the divisor stays G");
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
      List<RolloutBatch.Row> rows =
          RolloutBatch.rows(
              List.of(three, one),
              advantages,
              settings("mgpo.rollouts=4", "mgpo.dropUninformative=" + drop));
      assertEquals(3, rows.size(), "a group of one carries no signal");
      for (RolloutBatch.Row row : rows) {
        assertEquals(1 / 3.0, row.weight() * row.response().completion().ids().length, 1e-12);
      }
    }
  }

  @Test
  void valuesStandWhereTheirTokenIsPredicted() {
    List<RolloutBatch.Row> rows = rows(settings(), group(true, false, 3, 9));
    List<RolloutBatch.Micro> micros = RolloutBatch.pack(rows, 4);
    assertEquals(1, micros.size());
    RolloutBatch.Micro micro = micros.get(0);
    assertEquals(4, micro.tokens().rows());
    assertEquals(0, micro.tokens().length() % 32);
    for (int r = 0; r < micro.rows().size(); r++) {
      Completion completion = micro.rows().get(r).response().completion();
      int first = micro.first(r);
      for (int t = 0; t < completion.ids().length; t++) {
        assertEquals(completion.ids()[t], micro.tokens().targets()[first + t]);
        assertEquals(completion.ids()[t], micro.tokens().ids()[first + t + 1]);
        assertEquals(completion.logps()[t], micro.inputs().get("old_logp")[first + t]);
        assertEquals((float) micro.rows().get(r).weight(), micro.tokens().weights()[first + t]);
      }
      assertEquals(0, micro.tokens().weights()[first - 1], "prompts are not trained on");
    }
    double sum = 0;
    for (float w : micro.tokens().weights()) {
      sum += w;
    }
    assertEquals(1, sum, 1e-6);
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
