package org.etalon.training.plan;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.plan.DecodeShape;
import org.etalon.graph.plan.Memory;
import org.etalon.graph.plan.MemoryModel;
import org.etalon.graph.plan.TrainShape;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.rollout.ResponsePacking;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.config.SftSettings;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.ProgramOptions;
import org.etalon.training.run.Stage;

/**
 * What decides the memory of one stage. Benchmarks of the evaluation, whose prompts are in files of
 * their own, are left out.
 *
 * @param stage the stage
 * @param model the model's shape
 * @param options how its program runs
 * @param train the passes of its training, or none
 * @param rowLength least length of rows that hold several responses; 0 without rollouts
 * @param roll its rollouts, or none
 * @param reference whether a second model scores rollouts
 */
record Workload(
    Stage stage,
    ModelConfig model,
    ExecutionOptions options,
    TrainShape train,
    int rowLength,
    Roll roll,
    boolean reference) {
  /** Lengths of prompts are rounded up to a multiple of this. */
  private static final int STEP = 32;

  /**
   * Rollouts.
   *
   * @param slots responses decoded side by side
   * @param prompt longest prompt, tokens
   * @param responses longest response of each stage of a curriculum, tokens
   * @param carried whether what a step has not finished is part of a prompt in the next one
   */
  record Roll(int slots, int prompt, List<Integer> responses, boolean carried) {
    Roll {
      responses = List.copyOf(responses);
    }

    int longest() {
      return responses.stream().mapToInt(Integer::intValue).max().orElse(1);
    }

    Roll withSlots(int other) {
      return new Roll(other, prompt, responses, carried);
    }

    Roll withLongest(int most) {
      List<Integer> shorter = responses.stream().map(r -> Math.min(r, most)).toList();
      return new Roll(slots, prompt, shorter, carried);
    }

    /**
     * As {@link Policy#decoder} builds them, one for each length of responses; one at a time holds
     * a cache, as long as its longest response needs.
     */
    List<DecodeShape> decoders() {
      List<DecodeShape> shapes = new ArrayList<>();
      for (int response : responses.stream().distinct().toList()) {
        int prefill = rounded(carried ? prompt + response : prompt);
        int held = DecodeShape.held(prompt + response, prefill + response);
        shapes.add(new DecodeShape(slots, held, Policy.prefillRows(slots), prefill));
      }
      return shapes;
    }
  }

  /**
   * The workload of a stage.
   *
   * @param prompt longest prompt of its problems, tokens
   * @throws IllegalArgumentException if the stage runs no model
   */
  static Workload of(Stage stage, Configuration c, ModelConfig model, int prompt) {
    ExecutionOptions options = ProgramOptions.of(c);
    return switch (stage) {
      case SFT -> {
        SftSettings s = c.sft();
        var train =
            new TrainShape(s.microRows(), s.length(), s.headChunk(), recompute(s.recompute()));
        yield new Workload(stage, model, options, train, 0, null, false);
      }
      case PROBE -> sampling(stage, c.probe().slots(), c.probe().maxNewTokens(), model, c, prompt);
      case EVAL -> sampling(stage, c.eval().slots(), c.eval().maxNewTokens(), model, c, prompt);
      case FUSE -> new Workload(stage, model, options, null, 0, null, false);
      case MGPO -> {
        MgpoSettings s = c.mgpo();
        var roll =
            new Roll(
                s.slots(),
                prompt,
                s.stages().stream().map(MgpoSettings.Stage::maxNewTokens).toList(),
                s.partialRollouts() == MgpoSettings.PartialRollouts.ON);
        var train =
            new TrainShape(
                s.microRows(),
                rowLength(s.rowLength(), roll),
                s.headChunk(),
                recompute(s.recompute()));
        yield new Workload(
            stage, model, options, train, s.rowLength(), roll, s.klCoefficient() > 0);
      }
      case DATA, EXPORT ->
          throw new IllegalArgumentException("stage " + stage + " has no predicted memory");
    };
  }

  private static Workload sampling(
      Stage stage, int slots, int maxNewTokens, ModelConfig model, Configuration c, int prompt) {
    var roll = new Roll(slots, prompt, List.of(maxNewTokens), false);
    return new Workload(stage, model, ProgramOptions.of(c), null, 0, roll, false);
  }

  private static Recompute recompute(org.etalon.training.config.Recompute setting) {
    return Recompute.of(setting.toString());
  }

  private static int rounded(int tokens) {
    return (tokens + STEP - 1) / STEP * STEP;
  }

  /** As {@link ResponsePacking} makes rows: long enough for the longest response. */
  private static int rowLength(int wanted, Roll roll) {
    return ResponsePacking.rounded(Math.max(wanted, roll.prompt + roll.longest()));
  }

  Workload withOptions(ExecutionOptions other) {
    return new Workload(stage, model, other, train, rowLength, roll, reference);
  }

  Workload withTrain(TrainShape other) {
    return new Workload(stage, model, options, other, rowLength, roll, reference);
  }

  /** With other rollouts, and rows that hold them. */
  Workload withRoll(Roll other) {
    return new Workload(
        stage, model, options, fitting(rowLength, other), rowLength, other, reference);
  }

  /** With other rows for several responses; they still hold the longest one. */
  Workload withRowLength(int other) {
    return new Workload(stage, model, options, fitting(other, roll), other, roll, reference);
  }

  private TrainShape fitting(int wanted, Roll rollouts) {
    return train == null ? null : train.withLength(rowLength(wanted, rollouts));
  }

  /**
   * Its memory at the worst moment: what stays, and the largest of what comes and goes. Caches go:
   * {@link Policy#rollouts} gives them back before the weights are trained.
   *
   * @param device where it runs
   */
  Memory memory(Device device) {
    MemoryModel m = new MemoryModel(model, options);
    Memory stays = m.weights().withProcess(device.process());
    List<Memory> moments = new ArrayList<>();
    if (train != null) {
      stays = stays.plus(m.optimizer());
      moments.add(m.pass(train));
      moments.add(m.update());
    }
    if (!device.gpu()) {
      stays = stays.plus(m.nodes());
    }
    if (roll != null) {
      for (DecodeShape decoder : roll.decoders()) {
        moments.add(m.cache(decoder).plus(m.decode(decoder)));
      }
    }
    if (reference) {
      stays = stays.plus(m.weights());
      moments.add(m.score(train));
    }
    if (train == null && roll == null) {
      moments.add(m.fusion());
    }
    return stays.plus(moments.stream().reduce(Memory::max).orElseThrow());
  }
}
