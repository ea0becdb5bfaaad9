package org.etalon.training.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.graph.ModelConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Training steps. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Times training steps: gradient of a batch, clipping and AdamW.")
final class TrainCommand implements Callable<Integer> {
  private static final List<Integer> CONTEXTS =
      List.of(512, 1024, 2048, 4096, 8192, 16_384, 32_768);

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;
  @Mixin private BenchOptions.Training training;
  @Mixin private SweepOptions sweep;

  @Option(
      names = {"--context", "--length"},
      paramLabel = "T",
      description = "Tokens a row. Default: ${DEFAULT-VALUE}.")
  private int context = 1024;

  @Option(names = "--rows", description = "Rows a step. Default: ${DEFAULT-VALUE}.")
  private int rows = 1;

  @Option(
      names = "--documents",
      paramLabel = "N",
      description = "Documents packed into each row. Default: ${DEFAULT-VALUE}.")
  private int documents = 1;

  @Option(
      names = "--write-tokens",
      paramLabel = "FILE",
      description = "Writes the batch as {\"rows\", \"length\", \"documents\", \"ids\"}.")
  private Path writeTokens;

  @Option(
      names = "--growth",
      description = "Times a series of lengths instead, and predicts it from the first.")
  private boolean growth;

  @Option(
      names = "--contexts",
      paramLabel = "T,T",
      split = ",",
      description = "Lengths of --growth, rising. Default: ${DEFAULT-VALUE}.")
  private List<Integer> contexts = CONTEXTS;

  @Override
  public Integer call() {
    options.check();
    training.recompute();
    var measurement = new Measurement("train", options, spec.commandLine().getOut(), System.in);
    if (growth) {
      sweep.run(measurement, "tokens", points());
      return 0;
    }
    TokenRows tokens = tokens(context);
    if (writeTokens != null) {
      tokens.write(writeTokens);
    }
    measurement.run(() -> workload(tokens));
    return 0;
  }

  private List<Sweep.Point> points() {
    Flops flops = new Flops(options.config());
    List<Sweep.Point> points = new ArrayList<>();
    for (int length : SweepOptions.rising("--contexts", contexts)) {
      TokenRows tokens = tokens(length);
      double cost = rows * documents * flops.trainingCost(tokens.document(), options.products());
      points.add(new Sweep.Point("train", length, cost, () -> workload(tokens)));
    }
    return points;
  }

  private TokenRows tokens(int length) {
    ModelConfig config = options.config();
    return TokenRows.random(rows, length, documents, config.vocabulary(), options.seed);
  }

  private TrainWorkload workload(TokenRows tokens) {
    return new TrainWorkload(options.forTraining(), tokens, training);
  }
}
