package org.etalon.training.bench;

import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.graph.program.Sampling;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Parallel clients of a conformance server, beside the engine in process. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Times parallel clients of the conformance server, which serves an export of the model over",
      "gRPC in this process, in turns with the rollout engine on the same prompts and lengths; no",
      "token ends a response. Speed is the server's; the engine's and their ratio stand beside it."
    })
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "Requests sent side by side. Default: ${DEFAULT-VALUE}.")
  private int clients = 16;

  @Option(
      names = "--requests",
      paramLabel = "N",
      description = "Requests of each client, one after another. Default: ${DEFAULT-VALUE}.")
  private int requests = 2;

  @Option(names = "--prompt-tokens", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int promptTokens = 64;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens of each response. Default: ${DEFAULT-VALUE}.")
  private int tokens = 128;

  @Option(
      names = "--temperature",
      description = "0 = the most likely token. Default: ${DEFAULT-VALUE}.")
  private double temperature = 1;

  @Override
  public Integer call() {
    options.check();
    if (clients < 1 || requests < 1) {
      throw new DataException(
          "--clients and --requests: expected at least 1, got %d and %d; raise them"
              .formatted(clients, requests));
    }
    RolloutPlan plan =
        RolloutPlan.spread(
            clients,
            clients * requests,
            1,
            promptTokens,
            tokens,
            tokens,
            options.config().vocabulary(),
            options.seed);
    var sampling = new Sampling(temperature, 0, 1, options.seed);
    new Measurement("serve", options, spec.commandLine().getOut(), System.in)
        .run(() -> new ServeWorkload(options.forDecoding(), plan, options.products(), sampling));
    return 0;
  }
}
