package org.etalon.training.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.program.Sampling;
import org.etalon.savedmodels.client.ServingClient;
import org.etalon.training.generate.Chat;
import org.etalon.training.generate.Generate;
import org.etalon.training.generate.LocalSpeaker;
import org.etalon.training.generate.Prompts;
import org.etalon.training.generate.RemoteGenerate;
import org.etalon.training.generate.RemoteSpeaker;
import org.etalon.training.generate.Speaker;
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

  @Option(
      names = "--server",
      split = ",",
      paramLabel = "ADDRESS",
      description = {
        "Servers of the model, HOST:PORT for gRPC or http://HOST:PORT for REST; then --model",
        "need only hold its tokenizer, and how it runs is the servers' choice."
      })
  private List<String> servers = List.of();

  @Option(
      names = "--server-model",
      paramLabel = "NAME",
      description = "What servers call the model. Default: ${DEFAULT-VALUE}.")
  private String serverModel = "etalon";

  @Option(
      names = "--server-timeout",
      paramLabel = "SECONDS",
      description = "Of each request, all attempts together. Default: ${DEFAULT-VALUE}.")
  private long serverTimeout = 600;

  @Override
  public Integer call() {
    Sampling sampling = greedy ? Sampling.greedy() : new Sampling(temperature, topK, topP, seed);
    var options = new Generate.Options(sampling, samples, maxNewTokens, slots);
    if (source.chat) {
      return chat(sampling);
    }
    if (!servers.isEmpty()) {
      return remote(options);
    }
    try (Policy policy = model.open()) {
      Generate generate = new Generate(policy, options);
      List<Prompts.Prompt> prompts = prompts(generate.prompts());
      model.write(out -> generate.write(prompts, out));
    }
    return 0;
  }

  private List<Prompts.Prompt> prompts(Prompts prompts) {
    return source.prompt != null
        ? List.of(prompts.prompt(source.prompt))
        : prompts.read(source.input);
  }

  private ServingClient client() {
    return ServingClient.connect(servers, serverModel, Duration.ofSeconds(serverTimeout));
  }

  private int remote(Generate.Options options) {
    model.checkOutput();
    try (TokenizerFile tokenizer = TokenizerFile.load(model.folder());
        ServingClient client = client()) {
      List<Prompts.Prompt> prompts =
          prompts(new Prompts(tokenizer.vocabSize(), () -> ChatTemplate.of(tokenizer)));
      RemoteGenerate generate = new RemoteGenerate(client, tokenizer, options, servers.size());
      model.write(out -> generate.write(prompts, out));
    }
    return 0;
  }

  private int chat(Sampling sampling) {
    if (model.writesFile() || samples != 1) {
      throw new DataException(
          "--chat talks on the console, one response a message; leave out --output and --n");
    }
    if (maxNewTokens < 1) {
      throw new DataException("--max-new-tokens must be at least 1, got " + maxNewTokens);
    }
    if (servers.isEmpty()) {
      try (Policy policy = model.open()) {
        policy.template();
        chat(new LocalSpeaker(policy, sampling, maxNewTokens));
      }
      return 0;
    }
    try (TokenizerFile tokenizer = TokenizerFile.load(model.folder());
        ServingClient client = client()) {
      ChatTemplate template = ChatTemplate.of(tokenizer);
      chat(new RemoteSpeaker(client, tokenizer, template, sampling, maxNewTokens));
    }
    return 0;
  }

  @SuppressWarnings("SystemConsoleNull") // From JDK 22 on, programs that pipe see the prompt too.
  private static void chat(Speaker speaker) {
    boolean typed = System.console() != null;
    try {
      var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      var out = new PrintStream(System.out, false, UTF_8);
      new Chat(speaker, out).run(in, typed ? "> " : "");
    } catch (IOException e) {
      throw new DataException("the console cannot be read (" + e + ")", e);
    }
  }
}
