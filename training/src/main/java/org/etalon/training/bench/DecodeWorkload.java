package org.etalon.training.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;

/**
 * Rows of one length, token by token. Timed from the engine's first report, when the prompt has
 * run, to the last token; the prompt's time is recorded apart, and the first row's tokens, so that
 * they can be compared with another program's.
 */
final class DecodeWorkload implements Workload {
  private final Program program;
  private final RolloutPlan plan;
  private final WeightType products;
  private final Rollouts rollouts;
  private int[] response = {};

  /**
   * @param program closed with the workload
   * @param plan all lengths equal, as many responses as slots
   */
  DecodeWorkload(Program program, RolloutPlan plan, WeightType products) {
    this.program = program;
    this.plan = plan;
    this.products = products;
    this.rollouts = new Rollouts(program, plan);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("rows", plan.slots());
    facts.put("context", plan.prompt());
    facts.put("tokens_per_row", plan.longest());
    facts.put("response", response);
    return facts;
  }

  /** When the engine first reported, and what it had drawn by then. */
  private static final class First {
    private long nanos;
    private long sessionNanos;
    private long tokens;
  }

  @Override
  public Round round() {
    First first = new First();
    long start = System.nanoTime();
    List<Completion> completions =
        rollouts.generate(
            Sampling.greedy(),
            tokens -> {
              if (first.tokens == 0) {
                first.nanos = System.nanoTime();
                first.sessionNanos = program.sessionNanos();
                first.tokens = tokens;
              }
            });
    long end = System.nanoTime();
    response = completions.get(0).ids();
    return new Round(
        work(first.tokens),
        (end - first.nanos) / 1e9,
        (program.sessionNanos() - first.sessionNanos) / 1e9,
        Map.of("first_token_seconds", (first.nanos - start) / 1e9));
  }

  private Work work(long drawnBefore) {
    Flops flops = new Flops(program.config());
    Traffic traffic = new Traffic(program.config(), products);
    double tokens = plan.tokens() - drawnBefore;
    double steps = tokens / plan.slots();
    double context = plan.prompt() + plan.longest() - steps / 2;
    return new Work(
        tokens,
        tokens * flops.decoding((int) Math.round(context)),
        steps * traffic.weights() + tokens * context * traffic.keyValues());
  }

  @Override
  public Program program() {
    return program;
  }
}
