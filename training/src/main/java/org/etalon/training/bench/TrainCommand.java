package org.etalon.training.bench;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.program.Program;
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
  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;
  @Mixin private BenchOptions.Training training;

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

  @Override
  public Integer call() {
    options.check();
    training.recompute();
    ModelConfig config = options.config();
    TokenRows tokens =
        TokenRows.random(rows, context, documents, config.vocabulary(), options.seed);
    if (writeTokens != null) {
      tokens.write(writeTokens);
    }
    new Measurement("train", options, spec.commandLine().getOut(), System.in)
        .run(() -> open(tokens));
    return 0;
  }

  private TrainWorkload open(TokenRows tokens) {
    Program program = options.forTraining();
    return new TrainWorkload(program, tokens, training);
  }
}
