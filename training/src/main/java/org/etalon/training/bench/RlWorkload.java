package org.etalon.training.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.etalon.graph.loss.ClippedSurrogate;
import org.etalon.graph.loss.KlEstimator;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.Trainer;
import org.etalon.graph.rollout.Completion;

/**
 * One on-policy MGPO step as the signal phase takes it, without grading: rollouts, the gradient of
 * micro-batches with the sampled log-probabilities as π_old, AdamW. Advantages are +1 and −1 in
 * turn, since verdicts cost nothing here.
 */
final class RlWorkload implements Workload {
  private static final double RATE = 1e-6;

  private final Program program;
  private final RolloutPlan plan;
  private final int microRows;
  private final long seed;
  private final Rollouts rollouts;
  private final Trainer trainer;
  private final Work work;
  private long steps;

  /**
   * @param program closed with the workload
   * @param microRows responses in one micro-batch
   */
  RlWorkload(
      Program program,
      RolloutPlan plan,
      BenchOptions options,
      BenchOptions.Training training,
      int microRows) {
    this.program = program;
    this.plan = plan;
    this.microRows = microRows;
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
    facts.put("micro_rows", microRows);
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
    for (ResponseBatch batch : batches(completions)) {
      long from = System.nanoTime();
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
    values.put("sampler_trainer_gap", gap / plan.tokens());
    return new Round(work, seconds, (program.sessionNanos() - before) / 1e9, values);
  }

  /** Micro-batches of responses of similar length. */
  private List<ResponseBatch> batches(List<Completion> completions) {
    List<Integer> order =
        IntStream.range(0, completions.size())
            .boxed()
            .sorted(Comparator.comparingInt(plan.lengths()::get))
            .toList();
    List<ResponseBatch> batches = new ArrayList<>();
    for (int from = 0; from < order.size(); from += microRows) {
      List<Integer> part = order.subList(from, Math.min(order.size(), from + microRows));
      batches.add(ResponseBatch.of(plan, completions, part, microRows));
    }
    return batches;
  }

  @Override
  public Program program() {
    return program;
  }
}
