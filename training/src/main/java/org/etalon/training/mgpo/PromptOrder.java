package org.etalon.training.mgpo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.policy.Seeds;

/**
 * The prompts of each rollout step: epochs over all problems, each in an order of its own that
 * depends only on the seed, so that a resumed run needs no position.
 */
record PromptOrder(List<Problem> problems, int perStep, long seed) {
  PromptOrder {
    problems = List.copyOf(problems);
  }

  /**
   * An order for each stage of the curriculum, over the problems of its kinds.
   *
   * @throws DataException if a stage has none
   */
  static Map<MgpoSettings.Stage, PromptOrder> byStage(
      List<Problem> problems, MgpoSettings settings, long seed) {
    Map<MgpoSettings.Stage, PromptOrder> orders = new HashMap<>();
    for (MgpoSettings.Stage stage : settings.stages()) {
      List<Problem> own = problems.stream().filter(p -> stage.draws(p.kind())).toList();
      if (own.isEmpty()) {
        throw new DataException(
            "mgpo.stages: no problem of kind %s is left for a stage; add some to data.rl or change its kinds"
                .formatted(String.join(" or ", stage.kinds())));
      }
      orders.put(stage, new PromptOrder(own, settings.promptsPerStep(), seed));
    }
    return orders;
  }

  /** Prompts of a step, counted from 0. */
  List<Problem> at(long step) {
    List<Problem> prompts = new ArrayList<>();
    long epoch = -1;
    List<Problem> order = List.of();
    for (long i = step * perStep; i < (step + 1) * perStep; i++) {
      if (i / problems.size() != epoch) {
        epoch = i / problems.size();
        order = new ArrayList<>(problems);
        Collections.shuffle(order, new Random(Seeds.of(seed, "prompts", epoch)));
      }
      prompts.add(order.get((int) (i % problems.size())));
    }
    return prompts;
  }
}
