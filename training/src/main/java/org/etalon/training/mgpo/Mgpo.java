package org.etalon.training.mgpo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.grade.Graders;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.etalon.graph.loss.ClippedSurrogate;
import org.etalon.graph.loss.GroupAdvantage;
import org.etalon.graph.loss.KlEstimator;
import org.etalon.graph.loss.LongToShort;
import org.etalon.graph.loss.MaxEntropyWeight;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.optim.CosineSchedule;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.Scorer;
import org.etalon.graph.program.Trainer;
import org.etalon.graph.rollout.ResponseBatch;
import org.etalon.graph.rollout.ResponsePacking;
import org.etalon.graph.rollout.TrainedResponse;
import org.etalon.savedmodels.client.ServerException;
import org.etalon.training.command.StageCommand;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.feed.Prefetch;
import org.etalon.training.fleet.FleetSource;
import org.etalon.training.fuse.Fuse;
import org.etalon.training.metrics.MetricsLog;
import org.etalon.training.metrics.Progress;
import org.etalon.training.metrics.TensorBoardWriter;
import org.etalon.training.plan.StagePlan;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.RolloutSource;
import org.etalon.training.run.AtomicFiles;
import org.etalon.training.run.Checkpoints;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.etalon.training.run.StopSignal;

/**
 * The signal phase: MaxEnt-guided policy optimisation on verifiable rewards.
 *
 * <p>Paper: P1 §3.4. Keeps from GRPO: groups of G responses, advantages against the group's mean
 * and deviation, the clipped ratio per token, the mean over tokens, then responses, then prompts.
 * Changes: a group's advantages are scaled by w_ME = exp(−λ D_ME(p_c ‖ ½)); λ = 0 is GRPO. Leaves
 * out by default: the KL term and a second pass for π_old, because rollouts come from the very
 * weights that are trained, in the same session, with their log-probabilities. Our choice: a
 * response that its grader could not decide leaves its group, as if it had not been drawn.
 */
public final class Mgpo {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_SKIPS = 10;

  private final MgpoSettings settings;
  private final long seed;
  private final Policy policy;
  private final RolloutSource source;
  private final StepRollouts rollouts;
  private final Trainer trainer;
  private final GroupAdvantage advantage;
  private final Graders graders;
  private final Optional<Scorer> reference;
  private final ResponsePacking packing;
  private int skips;

  private Mgpo(
      StageRun run,
      Policy policy,
      RolloutSource source,
      Optional<Policy> reference,
      Graders graders) {
    this.settings = run.configuration().mgpo();
    this.seed = run.configuration().seed();
    this.graders = graders;
    this.policy = policy;
    this.source = source;
    this.rollouts = new StepRollouts(settings, seed, policy, source);
    this.reference = reference.map(model -> new Scorer(model.program(), settings.headChunk()));
    var objective =
        new ClippedSurrogate(
            (float) settings.clipLow(),
            (float) settings.clipHigh(),
            (float) settings.klCoefficient(),
            KlEstimator.of(settings.klEstimator().toString()));
    this.trainer =
        new Trainer(
            policy.program(),
            objective,
            new AdamW(
                settings.beta1(), settings.beta2(), settings.epsilon(), settings.weightDecay()),
            settings.headChunk(),
            Recompute.of(settings.recompute().toString()));
    this.packing =
        new ResponsePacking(
            settings.microRows(), settings.rowLength(), policy.program().packsDocuments());
    this.advantage =
        new GroupAdvantage(
            new MaxEntropyWeight(settings.lambda()), settings.sigmaDdof(), settings.sigmaEpsilon());
  }

  /** The stage as a program of its own; takes the options of {@code etalon mgpo}. */
  public static void main(String[] args) {
    StageCommand.main("mgpo", command(), args);
  }

  /** {@code etalon mgpo}. */
  public static StageCommand command() {
    return new StageCommand(
        Mgpo::run,
        Optional.of((c, out, print) -> StagePlan.dryRun(List.of(Stage.MGPO), c, out, print)));
  }

  /**
   * What a resumed run needs besides tensors.
   *
   * @param step rollout steps done
   * @param updates optimizer steps whose gradient was finite
   * @param skips rollout steps in a row, up to this one, without a finite gradient
   * @param best the best checkpoint so far
   * @param rewards sum of the mean rewards since the last checkpoint
   * @param since those of the steps since the last checkpoint that had rewards
   */
  public record State(long step, long updates, int skips, Best best, double rewards, long since) {
    /** One rollout step later; without a reward where no group has ended in it. */
    State after(long now, long applied, int skipped, Optional<Double> reward) {
      long more = since + (reward.isPresent() ? 1 : 0);
      return new State(now, applied, skipped, best, rewards + reward.orElse(0.0), more);
    }

    /** Whether the rollouts since the last checkpoint earned more than those before any other. */
    boolean beatsBest() {
      return since > 0 && rewards / since > best.reward();
    }

    State withBest() {
      return new State(step, updates, skips, new Best(step, rewards / since), rewards, since);
    }

    /** The same after a checkpoint: the sum of rewards starts anew. */
    State cleared() {
      return new State(step, updates, skips, best, 0, 0);
    }
  }

  /**
   * The checkpoint before which rollouts earned most.
   *
   * @param step rollout steps done then; 0 = none yet
   * @param reward mean reward of the rollouts since the checkpoint before
   */
  public record Best(long step, double reward) {}

  /** The final weights within the stage's folder, a TensorBundle prefix. */
  public static Path weights(Path stageFolder) {
    return stageFolder.resolve("weights").resolve(Checkpoints.TENSORS);
  }

  /** Trains from the fused model, or goes on where an interrupted run stopped. */
  public static void run(StageRun run) {
    Path start = Fuse.weights(run.completed(Stage.FUSE));
    StagePlan.require(Stage.MGPO, run.configuration(), run.completed(Stage.DATA));
    boolean kl = run.configuration().mgpo().klCoefficient() > 0;
    try (Policy policy = Policy.load(run.configuration(), start);
        RolloutSource source = FleetSource.of(run.configuration(), policy);
        Graders graders = run.configuration().grader().graders()) {
      if (kl) {
        try (Policy reference = Policy.load(run.configuration(), start)) {
          new Mgpo(run, policy, source, Optional.of(reference), graders).loop(run);
        }
      } else {
        new Mgpo(run, policy, source, Optional.empty(), graders).loop(run);
      }
    }
  }

  private void loop(StageRun run) {
    Path folder = run.folder().folder(Stage.MGPO);
    Path data = run.completed(Stage.DATA);
    Checkpoints checkpoints = Checkpoints.resume(folder);
    Bundle everything = Bundle.of(trainer);
    List<Problem> problems = ProblemFile.read(data.resolve("rl.jsonl"));
    if (settings.difficultyFilter()) {
      problems = Difficulty.filter(problems, policy, source, graders, settings, seed, folder);
    }
    Map<MgpoSettings.Stage, PromptOrder> orders = PromptOrder.byStage(problems, settings, seed);
    var schedule =
        new CosineSchedule(
            settings.learningRate(),
            settings.minLearningRate(),
            settings.warmupSteps(),
            settings.steps());
    State state = resumed(checkpoints, everything, problems);
    long step = state.step();
    try (StopSignal stop = new StopSignal();
        MetricsLog log = MetricsLog.open(folder.resolve(MetricsLog.FILE), step);
        TensorBoardWriter board = TensorBoardWriter.open(folder.resolve("tensorboard"), step);
        Progress progress =
            Progress.start(run.progress(), "mgpo", "steps", step, settings.steps())) {
      while (step < settings.steps()) {
        long began = System.nanoTime();
        List<Problem> prompts = orders.get(settings.stageAt((int) step)).at(step);
        Map<String, Object> values;
        try {
          values = step(step, prompts, schedule.at(step), folder);
        } catch (DataException e) {
          // Servers that fail do so before anything of the step is kept.
          if (e.getCause() instanceof ServerException) {
            save(checkpoints, everything, state, run);
          }
          throw e;
        }
        step++;
        log.append(step, (System.nanoTime() - began) / 1e9, values);
        record(board, step, values);
        progress.update(step, note(values));
        state =
            state.after(
                step, trainer.steps(), skips, Optional.ofNullable((Double) values.get("reward")));
        boolean stops = stop.requested();
        boolean saves = step % settings.saveEvery() == 0 || step == settings.steps();
        if (saves && state.beatsBest()) {
          state = state.withBest();
          Checkpoints.publish(
              folder.resolve("best"), policy::save, state.best(), run.manifest(Stage.MGPO));
        }
        if (saves) {
          state = state.cleared();
        }
        if (saves || stops) {
          save(checkpoints, everything, state, run);
        }
        if (stops) {
          throw stop.stopped("mgpo", step);
        }
      }
    }
    complete(run, folder, state);
    checkpoints.deleteAll();
  }

  private void save(Checkpoints checkpoints, Bundle everything, State state, StageRun run) {
    checkpoints.save(
        state.step(),
        tensors -> {
          everything.save(tensors);
          rollouts.save(tensors);
        },
        state,
        run.manifest(Stage.MGPO));
    checkpoints.prune(settings.keepLast(), List.of());
  }

  /** Where an interrupted run stopped, with everything restored, or the start. */
  private State resumed(Checkpoints checkpoints, Bundle everything, List<Problem> problems) {
    Optional<Checkpoints.Checkpoint> last = checkpoints.latest();
    if (last.isEmpty()) {
      return new State(0, 0, 0, new Best(0, Double.NEGATIVE_INFINITY), 0, 0);
    }
    State state = last.get().state(State.class);
    everything.restore(last.get().tensors());
    rollouts.restore(last.get().tensors(), problems);
    trainer.resumeAt(state.updates());
    skips = state.skips();
    return state;
  }

  private void complete(StageRun run, Path folder, State state) {
    Checkpoints.publish(
        folder.resolve("weights"),
        policy::save,
        Map.of("step", state.step()),
        run.manifest(Stage.MGPO));
    run.manifest(Stage.MGPO)
        .withInput("data", run.completed(Stage.DATA))
        .withInput("fuse", run.completed(Stage.FUSE))
        .withFact("steps", state.step())
        .withFact("updates", state.updates())
        .withFact("best_step", state.best().step())
        .withFact("best_reward", state.best().reward())
        .write(folder);
  }

  /** One rollout step: sample, grade, weigh, update. */
  private Map<String, Object> step(long step, List<Problem> prompts, double rate, Path folder) {
    long began = System.nanoTime();
    StepRollouts.Drawn drawn = rollouts.draw(step, prompts, trainer.steps());
    double rolloutSeconds = (System.nanoTime() - began) / 1e9;

    List<Graded> graded = Graded.of(drawn.problems(), drawn.responses(), graders);
    List<Graded> groups = Graded.decided(graded);
    List<double[]> rewards = new ArrayList<>();
    List<GroupAdvantage.Group> advantages = new ArrayList<>();
    for (Graded group : groups) {
      double[] reward = rewards(group, settings);
      rewards.add(reward);
      advantages.add(advantages(group, reward));
    }
    began = System.nanoTime();
    UpdateStats stats = update(groups, advantages, rate);
    double trainSeconds = (System.nanoTime() - began) / 1e9;

    writeSamples(folder, step + 1, GroupStats.samples(step + 1, groups, advantages, rewards));
    Map<String, Object> values =
        new LinkedHashMap<>(GroupStats.values(groups, advantages, rewards, settings.rollouts()));
    values.put("grader/undecided", Graded.undecided(graded));
    values.putAll(stats.values());
    values.put("learning_rate", rate);
    values.put("max_new_tokens", settings.stageAt((int) step).maxNewTokens());
    values.putAll(drawn.figures());
    values.put("seconds/rollout", rolloutSeconds);
    values.put("seconds/train", trainSeconds);
    values.put("seconds/data", stats.waitedSeconds());
    return values;
  }

  /** One response that is left of a group has nothing to be compared with. */
  private GroupAdvantage.Group advantages(Graded group, double[] reward) {
    return reward.length > 1
        ? advantage.of(group.correct(), reward)
        : new GroupAdvantage.Group(group.accuracy(), 1, new double[1]);
  }

  /**
   * Binary rewards, less the penalty of a truncated response and shifted by brevity where those are
   * chosen.
   */
  static double[] rewards(Graded group, MgpoSettings settings) {
    double[] rewards = new double[group.correct().length];
    int[] lengths = new int[rewards.length];
    for (int i = 0; i < rewards.length; i++) {
      lengths[i] = group.responses().get(i).completion().ids().length;
      boolean penalised =
          group.responses().get(i).truncated()
              && settings.truncated() == MgpoSettings.Truncated.PENALTY;
      rewards[i] = (group.correct()[i] ? 1 : 0) - (penalised ? settings.truncationPenalty() : 0);
    }
    return new LongToShort(settings.long2short()).shift(group.correct(), lengths, rewards);
  }

  /** The optimizer steps of one rollout step; with one of them, training is on-policy. */
  private UpdateStats update(
      List<Graded> groups, List<GroupAdvantage.Group> advantages, double rate) {
    UpdateStats stats = new UpdateStats(settings);
    int parts = settings.updatesPerRollout();
    for (int part = 0; part < parts; part++) {
      int from = part * groups.size() / parts;
      int to = (part + 1) * groups.size() / parts;
      List<TrainedResponse> responses =
          RolloutBatch.responses(groups.subList(from, to), advantages.subList(from, to), settings);
      if (responses.isEmpty()) {
        continue;
      }
      accumulate(packing.pack(responses), stats);
      stats.add(trainer.step(rate, settings.clipNorm()));
    }
    skips = stats.allSkipped() ? skips + 1 : 0;
    if (skips >= MOST_SKIPS) {
      throw new DataException(
          "%d rollout steps in a row gave gradients that are not finite; lower mgpo.learningRate"
              .formatted(skips));
    }
    return stats;
  }

  private void accumulate(List<ResponseBatch> lazy, UpdateStats stats) {
    try (Prefetch<ResponseBatch> micros = new Prefetch<>("mgpo-batches", lazy.iterator())) {
      while (micros.hasNext()) {
        ResponseBatch full = withReference(micros.next());
        Trainer.Outcome outcome =
            trainer.accumulate(full.tokens(), settings.temperature(), full.inputs());
        stats.add(full, outcome);
      }
      stats.addWait(micros.takeWaitedSeconds());
    }
  }

  private ResponseBatch withReference(ResponseBatch micro) {
    return reference
        .map(
            scorer ->
                micro.with(
                    "reference_logp", scorer.score(micro.tokens(), settings.temperature()).logps()))
        .orElse(micro);
  }

  private static String note(Map<String, Object> values) {
    if (!values.containsKey("reward")) {
      return "no group has ended yet";
    }
    String reward = "reward %.3f".formatted((Double) values.get("reward"));
    return values.containsKey("entropy")
        ? reward + ", entropy %.3f".formatted((Double) values.get("entropy"))
        : reward + ", no update: no group has a signal";
  }

  private static void writeSamples(Path folder, long step, List<Map<String, Object>> lines) {
    Path file = folder.resolve("samples").resolve("step-%06d.jsonl".formatted(step));
    AtomicFiles.write(
        file,
        out -> {
          for (Map<String, Object> line : lines) {
            out.write(JSON.writeValueAsBytes(line));
            out.write('\n');
          }
        });
  }

  private static void record(TensorBoardWriter board, long step, Map<String, Object> values) {
    Map<String, Double> scalars = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (value instanceof Number number) {
            scalars.put(name, number.doubleValue());
          }
        });
    board.scalars(step, scalars);
    int[] histogram = (int[]) values.get("mgpo/accuracy_histogram");
    double[] counts = new double[histogram.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = histogram[i];
    }
    board.counts(step, "mgpo/accuracy_histogram", counts);
  }
}
