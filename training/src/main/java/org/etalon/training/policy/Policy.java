package org.etalon.training.policy;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.Decoder;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.etalon.graph.rollout.Rollouts;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.ModelSettings;

/**
 * A language model with its tokenizer and chat template. Sampling and training share its program's
 * weights. The creator closes.
 */
public final class Policy implements AutoCloseable {
  private final TokenizerFile tokenizer;
  private final Optional<ChatTemplate> template;
  private final Program program;
  private final Bundle bundle;
  private final ImmutableSet<Integer> stopIds;
  private final Map<List<Integer>, Decoder> decoders = new HashMap<>();

  private Policy(
      TokenizerFile tokenizer, Set<Integer> stopIds, ModelConfig model, ExecutionOptions options) {
    this.tokenizer = tokenizer;
    this.template = ChatTemplate.find(tokenizer);
    ImmutableSet.Builder<Integer> stops = ImmutableSet.builder();
    template.ifPresent(found -> stops.add(found.endId()));
    this.stopIds = stops.add(tokenizer.eosId()).addAll(stopIds).build();
    this.program = new Program(model, options);
    this.bundle = Bundle.of(program);
  }

  /** The base model of a configuration: loaded from its folder, or random by its seed. */
  public static Policy base(Configuration configuration) {
    return base(configuration, ProgramOptions.of(configuration));
  }

  private static Policy base(Configuration configuration, ExecutionOptions options) {
    ModelSettings settings = configuration.model();
    if (settings.startsAtRandom()) {
      Policy policy = random(configuration, options);
      policy.program.initialize(configuration.seed(), settings.initRange());
      return policy;
    }
    ModelFolder folder = ModelFolder.open(Path.of(settings.from()));
    return of(folder, tokenizer(configuration), positions(folder.config(), settings), options);
  }

  /** The model of a folder with its own tokenizer, to be used as it is. */
  public static Policy open(Path modelFolder, ExecutionOptions options) {
    ModelFolder folder = ModelFolder.open(modelFolder);
    return of(folder, folder.tokenizer(), folder.config(), options);
  }

  private static Policy of(
      ModelFolder folder, TokenizerFile tokenizer, ModelConfig config, ExecutionOptions options) {
    Policy policy = new Policy(tokenizer, folder.stopIds(), config, options);
    for (ParameterSpec parameter : config.parameters()) {
      String name = parameter.name();
      policy.program.set(name, piece -> folder.read(name, piece::accept));
    }
    return policy;
  }

  private static ModelConfig positions(ModelConfig c, ModelSettings settings) {
    return settings.overridePositions()
        ? c.withPositions(settings.ropeTheta(), c.ropeScaling(), settings.maxPositions())
        : c;
  }

  /** The model of a configuration with the weights that {@link #save} wrote. */
  public static Policy load(Configuration configuration, Path weights) {
    return load(configuration, ProgramOptions.of(configuration), weights);
  }

  /** The same, run otherwise than the configuration says. */
  public static Policy load(Configuration configuration, ExecutionOptions options, Path weights) {
    Policy policy = base(configuration, options);
    policy.restore(weights);
    return policy;
  }

  private static Policy random(Configuration configuration, ExecutionOptions options) {
    TokenizerFile tokenizer = tokenizer(configuration);
    ModelConfig model = random(configuration.model(), tokenizer);
    return new Policy(tokenizer, Set.of(), model, options);
  }

  private static ModelConfig random(ModelSettings m, TokenizerFile tokenizer) {
    return ModelConfig.qwen2(
        tokenizer.vocabSize(),
        m.hidden(),
        m.intermediate(),
        m.layers(),
        m.heads(),
        m.kvHeads(),
        m.headDim(),
        m.ropeTheta(),
        m.normEpsilon(),
        m.tieEmbeddings(),
        m.maxPositions());
  }

  /** The shape of a configuration's base model; a model folder is opened, not read. */
  public static ModelConfig shape(Configuration configuration) {
    ModelSettings settings = configuration.model();
    if (!settings.startsAtRandom()) {
      return positions(ModelFolder.open(Path.of(settings.from())).config(), settings);
    }
    try (TokenizerFile tokenizer = tokenizer(configuration)) {
      return random(settings, tokenizer);
    }
  }

  /** The tokenizer of a configuration; the caller closes. */
  public static TokenizerFile tokenizer(Configuration configuration) {
    ModelSettings m = configuration.model();
    if (!m.tokenizer().isBlank()) {
      return TokenizerFile.load(Path.of(m.tokenizer()));
    }
    return m.startsAtRandom() ? TokenizerFile.builtin() : TokenizerFile.load(Path.of(m.from()));
  }

  public Program program() {
    return program;
  }

  public TokenizerFile tokenizer() {
    return tokenizer;
  }

  /**
   * How conversations are framed.
   *
   * @throws DataException if the model brings no chat template and cannot do ChatML
   */
  public ChatTemplate template() {
    return template.orElseGet(() -> ChatTemplate.of(tokenizer));
  }

  /**
   * Tokens that end a response: the template's end of turn, the tokenizer's end, and those of the
   * model folder's {@code generation_config.json}.
   */
  public List<Integer> stopIds() {
    return stopIds.asList();
  }

  /** Writes the weights as a TensorBundle with this prefix. */
  public void save(Path prefix) {
    bundle.save(prefix);
  }

  /** Overwrites the weights with those of a TensorBundle. */
  public void restore(Path prefix) {
    bundle.restore(prefix);
  }

  /** The engine in this process as the source of responses. */
  public RolloutSource engine() {
    return new EngineSource(this);
  }

  /** Samples responses to problems in this process. */
  public List<List<Response>> sample(
      List<Problem> problems, SampleSpec spec, LongConsumer progress) {
    return sample(problems, spec, engine(), progress);
  }

  /**
   * Samples responses to problems.
   *
   * @param source draws them
   * @param progress told the tokens drawn so far
   * @return for each problem its responses, in order
   * @throws DataException if a prompt leaves no room in the model's window
   */
  public List<List<Response>> sample(
      List<Problem> problems, SampleSpec spec, RolloutSource source, LongConsumer progress) {
    List<int[]> prompts =
        problems.stream().map(problem -> prompt(problem, spec.maxNewTokens())).toList();
    int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElse(1);
    List<Placed> placed = new ArrayList<>();
    prompts.forEach(prompt -> placed.add(new Placed(prompt, placed.size())));
    return sample(placed, longest, spec, source, progress);
  }

  /**
   * A framed prompt.
   *
   * @param ids its tokens
   * @param place in the whole list of prompts; a sample's random numbers depend on it
   */
  public record Placed(int[] ids, long place) {}

  /**
   * Samples responses to some prompts of a longer list. A response ends with the model's window at
   * the latest.
   *
   * @param longest length of the longest prompt in the whole list, tokens
   * @param source draws them
   * @return for each prompt its responses, in order
   * @throws IllegalArgumentException if a prompt leaves no room for a single token
   */
  public List<List<Response>> sample(
      List<Placed> prompts,
      int longest,
      SampleSpec spec,
      RolloutSource source,
      LongConsumer progress) {
    int window = program.config().maxPositions();
    List<Request> requests = new ArrayList<>();
    for (Placed prompt : prompts) {
      int room = Math.min(spec.maxNewTokens(), window - prompt.ids().length);
      for (int s = 0; s < spec.samples(); s++) {
        requests.add(new Request(prompt.ids(), prompt.place() * spec.samples() + s, room));
      }
    }
    List<Completion> completions =
        source
            .rollouts(
                requests, longest, spec.maxNewTokens(), spec.slots(), spec.sampling(), progress)
            .completions();
    List<List<Response>> groups = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      List<Response> group = new ArrayList<>();
      for (int s = 0; s < spec.samples(); s++) {
        int index = i * spec.samples() + s;
        Completion completion = completions.get(index);
        group.add(response(requests.get(index).prompt(), completion));
      }
      groups.add(group);
    }
    return groups;
  }

  /** A completion with its words. */
  public Response response(int[] prompt, Completion completion) {
    return new Response(prompt, completion, tokenizer.decode(completion.ids()));
  }

  /**
   * Completes requests, and gives the memory of their caches back.
   *
   * @param longest at least the longest prompt of {@code requests}, tokens
   * @param maxNewTokens at least the longest completion wanted, tokens
   * @param slots completions decoded side by side
   * @param progress told the tokens drawn so far
   */
  public Rollouts rollouts(
      List<Request> requests,
      int longest,
      int maxNewTokens,
      int slots,
      Sampling sampling,
      LongConsumer progress) {
    Decoder decoder = decoder(slots, longest, maxNewTokens);
    Rollouts rollouts =
        new RolloutEngine(decoder, ImmutableSet.copyOf(stopIds()))
            .rollouts(requests, sampling, progress);
    decoder.release();
    return rollouts;
  }

  /**
   * Checks that every problem leaves room for its responses, before hours are spent.
   *
   * @throws DataException naming the first problem that does not
   */
  public void requireRoom(List<Problem> problems, int maxNewTokens) {
    problems.forEach(problem -> prompt(problem, maxNewTokens));
  }

  /**
   * A problem's framed prompt.
   *
   * @throws DataException if it leaves no room for its responses in the model's window
   */
  public int[] prompt(Problem problem, int maxNewTokens) {
    int[] prompt = template().prompt(problem.prompt());
    int window = program.config().maxPositions();
    if (prompt.length + maxNewTokens > window) {
      throw new DataException(
          ("problem %s: its prompt of %d tokens and %d new tokens exceed the model's window of %d;"
                  + " shorten the prompt, lower maxNewTokens or raise model.maxPositions")
              .formatted(problem.id(), prompt.length, maxNewTokens, window));
    }
    return prompt;
  }

  /**
   * A decoder over this model's weights. Decoders are few: prompt lengths are rounded up to 32
   * tokens, and one of the same sizes is used again. Only the last one holds memory for caches.
   *
   * @param slots responses decoded side by side
   * @param longest longest prompt, tokens
   * @param maxNewTokens longest response, tokens
   */
  public Decoder decoder(int slots, int longest, int maxNewTokens) {
    int prefill = (longest + 31) / 32 * 32;
    Decoder wanted =
        decoders.computeIfAbsent(
            List.of(slots, prefill, maxNewTokens),
            k -> new Decoder(program, slots, prefill + maxNewTokens, prefillRows(slots), prefill));
    decoders.values().stream().filter(d -> !d.equals(wanted)).forEach(Decoder::release);
    return wanted;
  }

  /** How many prompts are run together for so many slots: samples of a prompt share it. */
  public static int prefillRows(int slots) {
    return Math.max(1, Math.min(32, slots / 4));
  }

  @Override
  public void close() {
    program.close();
    tokenizer.close();
  }
}
