package org.etalon.training.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.graph.program.Sampling;
import org.etalon.training.generate.Generate;
import org.etalon.training.policy.Policy;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Responses of a model to one prompt or to a file of prompts. */
@Command(
    name = "generate",
    description = {
      "Samples responses. Input lines: {\"id\", \"prompt\" | \"messages\" | \"ids\"};",
      "output lines: {\"id\", \"sample\", \"ids\", \"text\", \"logprobs\", \"finish_reason\"}."
    })
final class GenerateCommand implements Callable<Integer> {
  @Mixin private ModelOptions model;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** One prompt, or a file of them. */
  static final class Source {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "A user's message.")
    private String prompt;

    @Option(names = "--input", paramLabel = "FILE", description = "JSON lines.")
    private Path input;
  }

  @Option(names = "--greedy", description = "The most likely token every time.")
  private boolean greedy;

  @Option(names = "--temperature", description = "Default: ${DEFAULT-VALUE}.")
  private double temperature = 1;

  @Option(names = "--top-p", description = "Nucleus mass. Default: ${DEFAULT-VALUE}.")
  private double topP = 1;

  @Option(names = "--top-k", description = "Candidates kept; 0 = all.")
  private int topK;

  @Option(names = "--seed", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(names = "--n", description = "Samples per prompt. Default: ${DEFAULT-VALUE}.")
  private int samples = 1;

  @Option(
      names = "--max-new-tokens",
      description = "Longest response. Default: ${DEFAULT-VALUE}; less where the window ends.")
  private int maxNewTokens = 256;

  @Option(
      names = "--slots",
      description = "Responses decoded side by side. Default: ${DEFAULT-VALUE}.")
  private int slots = 16;

  @Override
  public Integer call() {
    Sampling sampling = greedy ? Sampling.greedy() : new Sampling(temperature, topK, topP, seed);
    var options = new Generate.Options(sampling, samples, maxNewTokens, slots);
    try (Policy policy = model.open()) {
      Generate generate = new Generate(policy, options);
      List<Generate.Prompt> prompts =
          source.prompt != null
              ? List.of(generate.prompt(source.prompt))
              : generate.read(source.input);
      model.write(out -> generate.write(prompts, out));
    }
    return 0;
  }
}
