package org.etalon.training.plan;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.plan.Memory;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.MemorySettings;
import org.etalon.training.policy.Policy;
import org.etalon.training.run.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stage's predicted memory against what there is. Nothing is built for it: no session, no file.
 *
 * @param workload what the stage does
 * @param memory at its worst moment
 * @param device where it runs
 */
public record StagePlan(Workload workload, Memory memory, Device device) {
  private static final Logger LOG = LoggerFactory.getLogger(StagePlan.class);

  private static StagePlan of(Stage stage, Configuration c, ModelConfig model, int prompt) {
    Device device = Device.of(c);
    Workload workload = Workload.of(stage, c, model, prompt);
    return new StagePlan(workload, workload.memory(device), device);
  }

  /**
   * Stops a stage that is predicted not to fit, or warns, as {@code memory.check} says.
   *
   * @param data folder of the run's problem sets
   * @throws DataException naming what is needed, what there is, and what would fit
   */
  public static void require(Stage stage, Configuration c, Path data) {
    if (c.memory().check() != MemorySettings.Verdict.OFF) {
      // The spectrum phase draws no responses, so the problems need not be read.
      require(
          stage == Stage.SFT
              ? List.of(of(stage, c, Policy.shape(c), 1))
              : plans(List.of(stage), c, RunData.ofRun(data)),
          c);
    }
  }

  /**
   * Stops a run of which a later stage is predicted not to fit before its first one starts, or
   * warns, as {@code memory.check} says.
   *
   * @param stages those that are still to be run
   * @param out the run, which may have no problem sets yet
   * @throws DataException naming for each stage that does not fit what is needed, what there is,
   *     and what would fit
   */
  public static void requireAll(List<Stage> stages, Configuration c, Path out) {
    if (c.memory().check() != MemorySettings.Verdict.OFF && !stages.isEmpty()) {
      require(plans(stages, c, RunData.of(c, Optional.of(out))), c);
    }
  }

  private static void require(List<StagePlan> plans, Configuration c) {
    List<String> refusals = refusals(plans);
    if (!refusals.isEmpty() && c.memory().check() == MemorySettings.Verdict.REFUSE) {
      throw new DataException(String.join("; ", refusals));
    }
    refusals.forEach(LOG::warn);
  }

  private static List<StagePlan> plans(List<Stage> stages, Configuration c, RunData data) {
    ModelConfig model = Policy.shape(c);
    return stages.stream().map(stage -> of(stage, c, model, data.longestPrompt(stage, c))).toList();
  }

  private static List<String> refusals(List<StagePlan> plans) {
    return plans.stream().filter(plan -> !plan.fits()).map(StagePlan::refusal).toList();
  }

  /**
   * Checks data and model of a configuration, and prints the memory of stages.
   *
   * @param out a run folder whose problem sets are taken where it has them
   * @throws DataException if data or model are unusable, or a stage does not fit
   */
  public static void dryRun(
      List<Stage> stages, Configuration c, Optional<Path> out, PrintWriter print) {
    RunData data = RunData.of(c, out);
    data.check(stages, c);
    List<StagePlan> plans = plans(stages, c, data);
    Device device = plans.get(0).device;
    print.printf(
        Locale.ROOT,
        "%-6s %9s %8s %10s %8s %12s %10s %8s %8s %8s%n",
        "GiB",
        "weights",
        "copies",
        "gradients",
        "moments",
        "activations",
        "workspace",
        "cache",
        "process",
        "total");
    plans.forEach(plan -> print.print(plan.line()));
    print.printf(
        "available: %s (%s)%n",
        device.bytes() == 0 ? "unknown" : Device.gib(device.bytes()), device.text());
    print.flush();
    List<String> refusals = refusals(plans);
    if (!refusals.isEmpty()) {
      throw new DataException(String.join("; ", refusals));
    }
  }

  private String line() {
    double gib = 1L << 30;
    return String.format(
        Locale.ROOT,
        "%-6s %9.2f %8.2f %10.2f %8.2f %12.2f %10.2f %8.2f %8.2f %8.2f%n",
        workload.stage().folderName(),
        memory.weights() / gib,
        memory.copies() / gib,
        memory.gradients() / gib,
        memory.moments() / gib,
        memory.activations() / gib,
        memory.workspace() / gib,
        memory.cache() / gib,
        memory.process() / gib,
        memory.total() / gib);
  }

  /** Whether there is enough. */
  boolean fits() {
    return device.fits(memory.total());
  }

  /** One line: what is needed, what there is, the remedy. */
  String refusal() {
    return "%s is predicted to need %s but %s is there (%s); %s; memory.check=warn starts it anyway"
        .formatted(
            workload.stage().folderName(),
            Device.gib(memory.total()),
            Device.gib(device.bytes()),
            device.text(),
            Remedy.find(workload, device).text());
  }
}
