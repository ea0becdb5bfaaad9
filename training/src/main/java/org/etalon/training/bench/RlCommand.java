package org.etalon.training.bench;

import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.graph.rollout.ResponsePacking;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Steps of the signal phase. */
@Command(
    name = "rl",
    mixinStandardHelpOptions = true,
    description = {
      "Times steps of the signal phase without grading: rollouts of fixed lengths, the gradient of",
      "the MGPO objective, AdamW; prints what share each takes."
    })
final class RlCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;
  @Mixin private BenchOptions.Training training;
  @Mixin private PlanOptions plan;

  @Option(
      names = "--row-length",
      paramLabel = "T",
      description = "Positions of a row, which holds responses. Default: ${DEFAULT-VALUE}.")
  private int rowLength = 2048;

  @Option(
      names = "--micro-rows",
      paramLabel = "N",
      description = "Rows in one micro-batch. Default: ${DEFAULT-VALUE}.")
  private int microRows = 1;

  @Override
  public Integer call() {
    options.check();
    training.recompute();
    atLeastOne("--micro-rows", microRows);
    atLeastOne("--row-length", rowLength);
    ResponsePacking packing = new ResponsePacking(microRows, rowLength, true);
    RolloutPlan rollouts = plan.plan(options.config(), options.seed);
    new Measurement("rl", options, spec.commandLine().getOut(), System.in)
        .run(() -> new RlWorkload(options.forTraining(), rollouts, options, training, packing));
    return 0;
  }

  private static void atLeastOne(String option, int value) {
    if (value < 1) {
      throw new DataException("%s: expected at least 1, got %d; raise it".formatted(option, value));
    }
  }
}
