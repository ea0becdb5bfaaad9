package org.etalon.training.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.training.generate.Score;
import org.etalon.training.policy.Policy;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Log-probabilities of given texts. */
@Command(
    name = "score",
    description = {
      "Log-probabilities of texts. Input lines: {\"id\", \"text\" | \"ids\"};",
      "output lines: {\"id\", \"ids\", \"logprobs\"}, one log-probability fewer than ids."
    })
final class ScoreCommand implements Callable<Integer> {
  @Mixin private ModelOptions model;

  @Option(names = "--input", required = true, paramLabel = "FILE", description = "JSON lines.")
  private Path input;

  @Override
  public Integer call() {
    try (Policy policy = model.open()) {
      Score score = new Score(policy);
      List<Score.Text> texts = score.read(input);
      model.write(out -> score.write(texts, out));
    }
    return 0;
  }
}
