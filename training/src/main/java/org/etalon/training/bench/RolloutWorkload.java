package org.etalon.training.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;

/** A plan's responses through the rollout engine: wall clock from the prompts to the last token. */
final class RolloutWorkload implements Workload {
  private final Program program;
  private final RolloutPlan plan;
  private final Sampling sampling;
  private final Rollouts rollouts;
  private final Work work;

  /**
   * @param program closed with the workload
   */
  RolloutWorkload(Program program, RolloutPlan plan, WeightType products, Sampling sampling) {
    this.program = program;
    this.plan = plan;
    this.sampling = sampling;
    this.rollouts = new Rollouts(program, plan);
    this.work = plan.work(program.config(), products);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>(plan.facts());
    facts.put("temperature", sampling.temperature());
    return facts;
  }

  @Override
  public Round round() {
    long before = program.sessionNanos();
    long start = System.nanoTime();
    rollouts.generate(sampling, tokens -> {});
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Round(work, seconds, (program.sessionNanos() - before) / 1e9, Map.of());
  }

  @Override
  public Program program() {
    return program;
  }
}
