package org.etalon.training.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.graph.program.Sampling;
import org.etalon.training.generate.Chat;
import org.etalon.training.generate.Generate;
import org.etalon.training.policy.Policy;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Responses of a model to one prompt, a file of prompts or a person. */
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

    @Option(
        names = "--chat",
        description = "A conversation on the console; /system TEXT, /reset, /exit.")
    private boolean chat;
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
    if (source.chat) {
      return chat(sampling);
    }
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

  @SuppressWarnings("SystemConsoleNull") // From JDK 22 on, programs that pipe see the prompt too.
  private int chat(Sampling sampling) {
    if (model.writesFile() || samples != 1) {
      throw new DataException(
          "--chat talks on the console, one response a message; leave out --output and --n");
    }
    boolean typed = System.console() != null;
    try (Policy policy = model.open()) {
      policy.template();
      var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      var out = new PrintStream(System.out, false, UTF_8);
      new Chat(policy, sampling, maxNewTokens, out).run(in, typed ? "> " : "");
    } catch (IOException e) {
      throw new DataException("the console cannot be read (" + e + ")", e);
    }
    return 0;
  }
}
