package org.etalon.training.bench;

import org.etalon.graph.ModelConfig;
import picocli.CommandLine.Option;

/** What is to be rolled out. */
final class PlanOptions {
  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Responses decoded side by side. Default: ${DEFAULT-VALUE}.")
  private int rows = 16;

  @Option(names = "--prompts", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int prompts = 4;

  @Option(
      names = "--group",
      paramLabel = "N",
      description = "Responses to each prompt. Default: ${DEFAULT-VALUE}.")
  private int group = 8;

  @Option(names = "--prompt-tokens", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int promptTokens = 64;

  @Option(
      names = "--shortest",
      paramLabel = "N",
      description = "Tokens of the shortest response. Default: ${DEFAULT-VALUE}.")
  private int shortest = 32;

  @Option(
      names = "--longest",
      paramLabel = "N",
      description =
          "Tokens of the longest response; the others lie between in equal steps. Default:"
              + " ${DEFAULT-VALUE}.")
  private int longest = 256;

  RolloutPlan plan(ModelConfig config, long seed) {
    return RolloutPlan.spread(
        rows, prompts, group, promptTokens, shortest, longest, config.vocabulary(), seed);
  }
}
