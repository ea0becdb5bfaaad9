package org.etalon.training.mgpo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.etalon.data.problem.Problem;
import org.etalon.training.policy.Seeds;

/**
 * The prompts of each rollout step: epochs over all problems, each in an order of its own that
 * depends only on the seed, so that a resumed run needs no position.
 */
record PromptOrder(List<Problem> problems, int perStep, long seed) {
  PromptOrder {
    problems = List.copyOf(problems);
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
