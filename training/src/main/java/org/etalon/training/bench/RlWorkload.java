package org.etalon.training.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.loss.ClippedSurrogate;
import org.etalon.graph.loss.KlEstimator;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.Trainer;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.ResponseBatch;
import org.etalon.graph.rollout.ResponsePacking;
import org.etalon.graph.rollout.TrainedResponse;

/**
 * One on-policy MGPO step as the signal phase takes it, without grading: rollouts, the gradient of
 * micro-batches with the sampled log-probabilities as π_old, AdamW. Advantages are +1 and −1 in
 * turn, since verdicts cost nothing here.
 */
final class RlWorkload implements Workload {
  private static final double RATE = 1e-6;

  private final Program program;
  private final RolloutPlan plan;
  private final ResponsePacking packing;
  private final long seed;
  private final Rollouts rollouts;
  private final Trainer trainer;
  private final Work work;
  private long steps;

  /**
   * @param program closed with the workload
   * @param packing how responses become micro-batches
   */
  RlWorkload(
      Program program,
      RolloutPlan plan,
      BenchOptions options,
      BenchOptions.Training training,
      ResponsePacking packing) {
    this.program = program;
    this.plan = plan;
    this.packing = packing;
    this.seed = options.seed;
    this.rollouts = new Rollouts(program, plan);
    this.trainer =
        new Trainer(
            program,
            new ClippedSurrogate(0.2f, 0.28f, 0, KlEstimator.K3),
            new AdamW(0.9, 0.95, 1e-8, 0),
            training.headChunk,
            training.recompute());
    Work sampled = plan.work(program.config(), options.products());
    Flops flops = new Flops(program.config());
    double trained =
        plan.lengths().stream().mapToDouble(n -> flops.training(plan.prompt() + n)).sum();
    this.work = new Work(sampled.tokens(), sampled.flops() + trained, 0);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>(plan.facts());
    facts.put("micro_rows", packing.rows());
    facts.put("row_length", packing.length());
    return facts;
  }

  @Override
  public Round round() {
    long before = program.sessionNanos();
    long start = System.nanoTime();
    List<Completion> completions = rollouts.generate(Sampling.at(1, seed + steps++), tokens -> {});
    long sampled = System.nanoTime();
    long training = 0;
    double gap = 0;
    long positions = 0;
    for (ResponseBatch batch : packing.pack(responses(completions))) {
      long from = System.nanoTime();
      positions += batch.tokens().ids().length;
      Trainer.Outcome outcome = trainer.accumulate(batch.tokens(), 1, batch.inputs());
      training += System.nanoTime() - from;
      gap += batch.gap(outcome.logps());
    }
    long update = System.nanoTime();
    trainer.step(RATE, 1);
    long end = System.nanoTime();
    double seconds = (end - start) / 1e9;
    double rollout = (sampled - start) / 1e9;
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("rollout_seconds", rollout);
    values.put("gradient_seconds", training / 1e9);
    values.put("update_seconds", (end - update) / 1e9);
    values.put("other_seconds", (update - sampled - training) / 1e9);
    values.put("share_outside_rollouts", 1 - rollout / seconds);
    values.put("trained_positions", (double) positions);
    values.put("sampler_trainer_gap", gap / plan.tokens());
    return new Round(work, seconds, (program.sessionNanos() - before) / 1e9, values);
  }

  private List<TrainedResponse> responses(List<Completion> completions) {
    List<TrainedResponse> responses = new ArrayList<>();
    for (int i = 0; i < completions.size(); i++) {
      Completion completion = completions.get(i);
      responses.add(
          new TrainedResponse(
              plan.prompts().get(i / plan.group()),
              completion,
              i % 2 == 0 ? 1 : -1,
              1.0 / (completions.size() * completion.ids().length)));
    }
    return responses;
  }

  @Override
  public Program program() {
    return program;
  }
}
