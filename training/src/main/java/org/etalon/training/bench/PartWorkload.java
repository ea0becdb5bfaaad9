package org.etalon.training.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.program.Trainer;

/**
 * The gradient of a model of one layer in which one part is of full size and everything else is
 * thin: the code that trains real models, with hardly anything but that part to do. No optimizer.
 */
final class PartWorkload implements Workload {
  private final Program program;
  private final TokenBatch batch;
  private final Trainer trainer;
  private final Work work;
  private final Map<String, Object> facts;

  /**
   * @param program closed with the workload
   * @param flops of the part, forward and backward
   */
  PartWorkload(
      Program program,
      TokenRows tokens,
      BenchOptions.Training training,
      double flops,
      Map<String, Object> facts) {
    this.program = program;
    this.batch = tokens.batch();
    this.trainer =
        new Trainer(
            program,
            new CrossEntropy(),
            new AdamW(0.9, 0.95, 1e-8, 0),
            training.headChunk,
            training.recompute());
    this.work = new Work(tokens.ids().length, flops, 0);
    this.facts = new LinkedHashMap<>(facts);
  }

  @Override
  public Map<String, Object> facts() {
    return facts;
  }

  @Override
  public Round round() {
    long before = program.sessionNanos();
    long start = System.nanoTime();
    float loss = trainer.accumulate(batch, 1, Map.of()).loss();
    double seconds = (System.nanoTime() - start) / 1e9;
    double session = (program.sessionNanos() - before) / 1e9;
    return new Round(work, seconds, session, Map.of("loss", (double) loss));
  }

  @Override
  public Program program() {
    return program;
  }
}
