package org.etalon.training.bench;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.etalon.graph.program.Sampling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Responses of fixed, different lengths through the rollout engine. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    description = {
      "Times responses of fixed, different lengths through the rollout engine, from the prompts to",
      "the last token; no token ends a response."
    })
final class RolloutCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;
  @Mixin private PlanOptions plan;

  @Option(
      names = "--temperature",
      description = "0 = the most likely token. Default: ${DEFAULT-VALUE}.")
  private double temperature = 1;

  @Option(
      names = "--write-requests",
      paramLabel = "FILE",
      description = "Writes {\"slots\", \"group\", \"prompts\", \"lengths\"}.")
  private Path writeRequests;

  @Override
  public Integer call() {
    options.check();
    RolloutPlan rollouts = plan.plan(options.config(), options.seed);
    var sampling = new Sampling(temperature, 0, 1, options.seed);
    if (writeRequests != null) {
      rollouts.write(writeRequests);
    }
    new Measurement("rollout", options, spec.commandLine().getOut(), System.in)
        .run(
            () ->
                new RolloutWorkload(options.forDecoding(), rollouts, options.products(), sampling));
    return 0;
  }
}
