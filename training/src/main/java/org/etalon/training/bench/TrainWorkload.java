package org.etalon.training.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.program.Trainer;

/** One training step: the gradient of a batch, clipping, AdamW. */
final class TrainWorkload implements Workload {
  /** Small enough that any number of steps stays finite; peers take the same numbers. */
  private static final double RATE = 1e-5;

  private static final double CLIP = 1;
  private static final AdamW OPTIMIZER = new AdamW(0.9, 0.95, 1e-8, 0.1);

  private final Program program;
  private final TokenRows tokens;
  private final TokenBatch batch;
  private final Recompute recompute;
  private final int headChunk;
  private final Trainer trainer;
  private final Work work;

  /**
   * @param program closed with the workload
   */
  TrainWorkload(Program program, TokenRows tokens, BenchOptions.Training options) {
    this.program = program;
    this.tokens = tokens;
    this.batch = tokens.batch();
    this.recompute = options.recompute();
    this.headChunk = options.headChunk;
    this.trainer = new Trainer(program, new CrossEntropy(), OPTIMIZER, headChunk, recompute);
    int documents = tokens.rows() * tokens.documents();
    double flops = documents * new Flops(program.config()).training(tokens.document());
    this.work = new Work(tokens.ids().length, flops, 0);
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("rows", tokens.rows());
    facts.put("context", tokens.length());
    facts.put("documents", tokens.documents());
    facts.put("recompute", recompute.toString());
    facts.put("head_chunk", headChunk);
    return facts;
  }

  @Override
  public Round round() {
    long before = program.sessionNanos();
    long start = System.nanoTime();
    Trainer.Outcome outcome = trainer.accumulate(batch, 1, Map.of());
    Trainer.StepResult step = trainer.step(RATE, CLIP);
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss", (double) outcome.loss());
    values.put("grad_norm", (double) step.gradientNorm());
    return new Round(work, seconds, (program.sessionNanos() - before) / 1e9, values);
  }

  @Override
  public Program program() {
    return program;
  }
}
