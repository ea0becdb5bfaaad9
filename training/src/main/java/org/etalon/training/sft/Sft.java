package org.etalon.training.sft;

import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.batch.BatchStream;
import org.etalon.data.batch.Example;
import org.etalon.data.batch.Packer;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.optim.CosineSchedule;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.program.Trainer;
import org.etalon.training.command.StageCommand;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.config.SftSettings;
import org.etalon.training.feed.Prefetch;
import org.etalon.training.metrics.MetricsLog;
import org.etalon.training.metrics.Progress;
import org.etalon.training.metrics.TensorBoardWriter;
import org.etalon.training.plan.StagePlan;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.Seeds;
import org.etalon.training.run.Checkpoints;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.etalon.training.run.StopSignal;

/**
 * The spectrum phase: cross-entropy on the response tokens of (problem, trace) pairs, with a
 * checkpoint every k steps for the probe.
 *
 * <p>Paper: P1 §3.3. Keeps from SFT: packing, masked loss, AdamW with warm-up and cosine. Changes:
 * every checkpoint is a candidate specialist, so all are kept. Leaves out: choosing a checkpoint by
 * validation loss; Pass@K chooses, see {@link org.etalon.training.probe.Probe}.
 */
public final class Sft {
  private static final int MOST_SKIPS = 10;

  private Sft() {}

  /** The stage as a program of its own; takes the options of {@code etalon sft}. */
  public static void main(String[] args) {
    StageCommand.main("sft", command(), args);
  }

  /** {@code etalon sft}. */
  public static StageCommand command() {
    return new StageCommand(
        Sft::run,
        Optional.of((c, out, print) -> StagePlan.dryRun(List.of(Stage.SFT), c, out, print)));
  }

  /** The candidates of the probe: weights of the base model (step 0) and of every k-th step. */
  public static Checkpoints checkpoints(Path stageFolder) {
    return new Checkpoints(stageFolder.resolve("checkpoints"));
  }

  /**
   * What a resumed run needs besides tensors.
   *
   * @param step steps done
   * @param updates steps whose gradient was finite
   * @param position where the data stream stands
   * @param tokens tokens seen, padding left out
   * @param skipped updates in a row, up to this step, that were left out as not finite
   */
  public record State(
      long step, long updates, BatchStream.Position position, long tokens, int skipped) {}

  /** Trains, or goes on where an interrupted run stopped. */
  public static void run(StageRun run) {
    SftSettings s = run.configuration().sft();
    long seed = run.configuration().seed();
    Path folder = run.folder().folder(Stage.SFT);
    Path data = run.completed(Stage.DATA);
    Checkpoints candidates = checkpoints(folder);
    Checkpoints resume = Checkpoints.resume(folder);
    StagePlan.require(Stage.SFT, run.configuration(), data);
    try (Policy policy = Policy.base(run.configuration());
        StopSignal stop = new StopSignal()) {
      requireRoom(policy, data, run.configuration());
      Trainer trainer =
          new Trainer(
              policy.program(),
              new CrossEntropy(),
              new AdamW(s.beta1(), s.beta2(), s.epsilon(), s.weightDecay()),
              s.headChunk(),
              Recompute.of(s.recompute().toString()));
      Bundle everything = Bundle.of(trainer);
      BatchStream stream = stream(policy, data, s, seed);
      var schedule =
          new CosineSchedule(
              s.learningRate(),
              s.minLearningRate(),
              (int) Math.round(s.warmupRatio() * s.steps()),
              s.steps());
      long step = 0;
      long tokens = 0;
      int skipped = 0;
      Optional<Checkpoints.Checkpoint> last = resume.latest();
      if (last.isPresent()) {
        State state = last.get().state(State.class);
        everything.restore(last.get().tensors());
        trainer.resumeAt(state.updates());
        stream.seek(state.position());
        step = state.step();
        tokens = state.tokens();
        skipped = state.skipped();
      } else {
        candidates.save(0, policy::save, Map.of("step", 0), run.manifest(Stage.SFT));
      }
      try (MetricsLog log = MetricsLog.open(folder.resolve(MetricsLog.FILE), step);
          TensorBoardWriter board = TensorBoardWriter.open(folder.resolve("tensorboard"), step);
          Progress progress = Progress.start(run.progress(), "sft", "steps", step, s.steps());
          Prefetch<SftBatch> batches =
              new Prefetch<>("sft-batches", SftBatch.of(stream, s.microRows(), s.steps() - step))) {
        while (step < s.steps()) {
          long start = System.nanoTime();
          SftBatch batch = batches.next();
          double rate = schedule.at(step);
          float loss = accumulate(trainer, batch);
          Trainer.StepResult result = trainer.step(rate, s.clipNorm());
          step++;
          tokens += batch.tokens();
          skipped = countSkips(result, skipped, step);
          double seconds = (System.nanoTime() - start) / 1e9;
          var values =
              ImmutableMap.of(
                  "loss",
                  (double) loss,
                  "learning_rate",
                  rate,
                  "grad_norm",
                  (double) result.gradientNorm(),
                  "tokens_per_second",
                  batch.tokens() / seconds,
                  "seconds/data",
                  batches.takeWaitedSeconds(),
                  "epoch",
                  batch.epochs());
          log.append(step, seconds, values);
          board.scalars(step, values);
          progress.update(step, "loss %.3f".formatted(loss));
          State state = new State(step, trainer.steps(), batch.position(), tokens, skipped);
          boolean candidate = step % s.saveEvery() == 0 || step == s.steps();
          boolean stops = stop.requested();
          if (candidate) {
            candidates.save(step, policy::save, state, run.manifest(Stage.SFT));
          }
          if (candidate || stops) {
            resume.save(step, everything::save, state, run.manifest(Stage.SFT));
            resume.prune(s.keepLast(), List.of());
          }
          if (stops) {
            throw stop.stopped("sft", step);
          }
        }
      }
      run.manifest(Stage.SFT)
          .withInput("data", data)
          .withFact("steps", step)
          .withFact("tokens", tokens)
          .withFact("parameters", policy.program().config().parameterCount())
          .write(folder);
      // Only now: what is complete needs nothing to go on from, and what is not needs it all.
      resume.deleteAll();
    }
  }

  /**
   * What later stages will ask is checked now: a prompt without room must not cost a whole phase.
   */
  private static void requireRoom(Policy policy, Path data, Configuration c) {
    int rollout =
        c.mgpo().stages().stream().mapToInt(MgpoSettings.Stage::maxNewTokens).max().orElse(1);
    policy.requireRoom(ProblemFile.read(data.resolve("rl.jsonl")), rollout);
    policy.requireRoom(ProblemFile.read(data.resolve("probe.jsonl")), c.probe().maxNewTokens());
    policy.requireRoom(ProblemFile.read(data.resolve("test.jsonl")), c.eval().maxNewTokens());
  }

  private static BatchStream stream(Policy policy, Path data, SftSettings s, long seed) {
    List<Example> examples = new ArrayList<>();
    for (Problem problem : ProblemFile.read(data.resolve("sft.jsonl"))) {
      for (String trace : problem.traces()) {
        Example example = policy.template().example(problem.prompt(), trace);
        if (example.length() > s.length()) {
          throw new DataException(
              "problem %s with a trace is %d tokens long but rows hold %d; raise sft.length"
                  .formatted(problem.id(), example.length(), s.length()));
        }
        examples.add(example);
      }
    }
    var packer =
        new Packer(
            s.rows(),
            s.length(),
            policy.tokenizer().padId(),
            Packer.Layout.PACKED,
            Packer.TooLong.REFUSE);
    return new BatchStream(examples, packer, Seeds.of(seed, "sft", 0));
  }

  /** Adds the gradient of the batch's mean token loss, a few rows at a time. */
  private static float accumulate(Trainer trainer, SftBatch batch) {
    float loss = 0;
    for (TokenBatch part : batch.parts()) {
      loss += trainer.accumulate(part, 1, Map.of()).loss();
    }
    return loss;
  }

  private static int countSkips(Trainer.StepResult result, int skipped, long step) {
    int now = result.applied() ? 0 : skipped + 1;
    if (now >= MOST_SKIPS) {
      throw new DataException(
          "%d gradients in a row were not finite, the last at step %d; lower sft.learningRate"
              .formatted(now, step));
    }
    return now;
  }
}
