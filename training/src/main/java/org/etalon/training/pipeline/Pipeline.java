package org.etalon.training.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.etalon.training.command.StageCommand;
import org.etalon.training.decontaminate.Decontaminate;
import org.etalon.training.eval.Eval;
import org.etalon.training.export.Export;
import org.etalon.training.fuse.Fuse;
import org.etalon.training.mgpo.Mgpo;
import org.etalon.training.plan.StagePlan;
import org.etalon.training.probe.Probe;
import org.etalon.training.report.Report;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.etalon.training.sft.Sft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * decontaminate → SFT → probe → fuse → MGPO → evaluate → export, each once; what is complete is not
 * done again, and an interrupted stage goes on where it stopped.
 */
public final class Pipeline {
  private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

  /** The stages that hold a model in memory as training and sampling do. */
  private static final List<Stage> PLANNED =
      List.of(Stage.SFT, Stage.PROBE, Stage.FUSE, Stage.MGPO, Stage.EVAL);

  private Pipeline() {}

  /** The pipeline as a program of its own; takes the options of {@code etalon pipeline}. */
  public static void main(String[] args) {
    StageCommand.main("pipeline", command(), args);
  }

  /** {@code etalon pipeline}. */
  public static StageCommand command() {
    return new StageCommand(
        Pipeline::run, Optional.of((c, out, print) -> StagePlan.dryRun(PLANNED, c, out, print)));
  }

  /** Every stage with what runs it, in order. */
  public static Map<Stage, Consumer<StageRun>> stages() {
    Map<Stage, Consumer<StageRun>> stages = new LinkedHashMap<>();
    stages.put(Stage.DATA, Decontaminate::run);
    stages.put(Stage.SFT, Sft::run);
    stages.put(Stage.PROBE, Probe::run);
    stages.put(Stage.FUSE, Fuse::run);
    stages.put(Stage.MGPO, Mgpo::run);
    stages.put(Stage.EVAL, Eval::run);
    stages.put(Stage.EXPORT, Export::run);
    return stages;
  }

  /**
   * Runs what is missing, and renews the report after each stage.
   *
   * @throws org.etalon.data.DataException before the first stage if any that is missing is
   *     predicted not to fit into memory
   */
  public static void run(StageRun run) {
    Map<Stage, Consumer<StageRun>> stages = stages();
    List<Stage> missing =
        stages.keySet().stream().filter(stage -> !run.folder().isComplete(stage)).toList();
    StagePlan.requireAll(
        missing.stream().filter(PLANNED::contains).toList(),
        run.configuration(),
        run.folder().root());
    for (Map.Entry<Stage, Consumer<StageRun>> stage : stages.entrySet()) {
      if (!missing.contains(stage.getKey())) {
        LOG.info("{}: complete", stage.getKey().folderName());
        continue;
      }
      long start = System.nanoTime();
      stage.getValue().accept(run);
      LOG.info(
          "{}: done in {} s",
          stage.getKey().folderName(),
          Math.round((System.nanoTime() - start) / 1e9));
      Report.write(run.folder().root());
    }
  }
}
