package org.etalon.training.mgpo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.MgpoSettings;
import org.junit.jupiter.api.Test;

class PromptOrderTest {
  private static final List<Problem> PROBLEMS = problems();

  @Test
  void anEpochHasEveryPromptOnce() {
    PromptOrder order = new PromptOrder(PROBLEMS, 2, 7);
    for (int epoch = 0; epoch < 3; epoch++) {
      Set<String> ids = new HashSet<>();
      for (int step = 0; step < 5; step++) {
        order.at(epoch * 5L + step).forEach(problem -> ids.add(problem.id()));
      }
      assertEquals(10, ids.size());
    }
  }

  @Test
  void aStageDrawsItsKindsOnly() {
    MgpoSettings settings =
        settings("[{steps: 2, maxNewTokens: 8, kinds: [math]}, {steps: 3, maxNewTokens: 8}]");
    var orders = PromptOrder.byStage(PROBLEMS, settings, 7);
    assertTrue(orders.get(settings.stageAt(1)).at(1).stream().allMatch(p -> p.kind() == Kind.MATH));
    assertEquals(
        new PromptOrder(PROBLEMS, settings.promptsPerStep(), 7).at(4),
        orders.get(settings.stageAt(4)).at(4));
  }

  @Test
  void aStageWithoutProblemsIsRefused() {
    MgpoSettings settings = settings("[{steps: 5, maxNewTokens: 8, kinds: [option, constraint]}]");
    var error = assertThrows(DataException.class, () -> PromptOrder.byStage(PROBLEMS, settings, 7));
    assertTrue(error.getMessage().contains("option or constraint"), error.getMessage());
  }

  @Test
  void anUnknownKindIsRefused() {
    var error =
        assertThrows(
            DataException.class, () -> settings("[{steps: 5, maxNewTokens: 8, kinds: [maths]}]"));
    assertTrue(error.getMessage().contains("got maths"), error.getMessage());
  }

  private static MgpoSettings settings(String stages) {
    return Configuration.load(Optional.empty(), List.of("mgpo.steps=5", "mgpo.stages=" + stages))
        .mgpo();
  }

  private static List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Kind kind = i < 4 ? Kind.CODE : Kind.MATH;
      problems.add(new Problem("p" + i, "s", "q" + i, "1", List.of(), kind));
    }
    return problems;
  }
}
