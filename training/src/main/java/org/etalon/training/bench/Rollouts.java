package org.etalon.training.bench;

import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.etalon.graph.program.Decoder;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.RolloutEngine;
import org.etalon.training.policy.Policy;

/** The rollout engine over one program with a plan's sizes; no token ends a response. */
final class Rollouts {
  private final RolloutPlan plan;
  private final RolloutEngine engine;

  Rollouts(Program program, RolloutPlan plan) {
    this.plan = plan;
    int prefills = Math.min(Policy.prefillRows(plan.slots()), plan.prompts().size());
    int capacity = plan.prompt() + plan.longest();
    var decoder = new Decoder(program, plan.slots(), capacity, prefills, plan.prompt());
    this.engine = new RolloutEngine(decoder, Set.of());
  }

  /**
   * Generates everything.
   *
   * @param progress told the tokens drawn so far
   */
  List<Completion> generate(Sampling sampling, LongConsumer progress) {
    List<Completion> completions =
        engine.rollouts(plan.requests(), sampling, progress).completions();
    for (int i = 0; i < completions.size(); i++) {
      if (completions.get(i).ids().length != plan.lengths().get(i)) {
        throw new IllegalStateException(
            "response %d should have %d tokens, got %d"
                .formatted(i, plan.lengths().get(i), completions.get(i).ids().length));
      }
    }
    return completions;
  }
}
