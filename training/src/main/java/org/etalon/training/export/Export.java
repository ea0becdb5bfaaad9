package org.etalon.training.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.savedmodels.export.SavedModelExporter;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.folder.ExportOptions;
import org.etalon.savedmodels.folder.ModelCard;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.savedmodels.safetensors.Dtype;
import org.etalon.training.command.StageCommand;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.ExportSettings;
import org.etalon.training.mgpo.Mgpo;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.ProgramOptions;
import org.etalon.training.policy.Response;
import org.etalon.training.policy.SampleSpec;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the final model as a Hugging Face folder and as a SavedModel for TensorFlow Serving, then
 * loads the SavedModel by TensorFlow's plain loader and compares what it says on held-out prompts
 * with the decoder that trained it. An export that answers otherwise is an error.
 */
public final class Export {
  private static final Logger LOG = LoggerFactory.getLogger(Export.class);

  /** Our choice: several times what TF32 makes of a log-probability, nats. */
  private static final double LARGEST_GAP = 1e-2;

  private Export() {}

  /** The stage as a program of its own; takes the options of {@code etalon export}. */
  public static void main(String[] args) {
    StageCommand.main("export", Export::run, args);
  }

  /** Exports the model that the signal phase left. */
  public static void run(StageRun run) {
    ExportSettings s = run.configuration().export();
    Path folder = run.folder().folder(Stage.EXPORT);
    Path mgpo = run.completed(Stage.MGPO);
    List<Problem> test = ProblemFile.read(run.completed(Stage.DATA).resolve("test.jsonl"));
    List<Problem> tried = test.subList(0, Math.min(s.rows(), test.size()));
    Path version = folder.resolve(s.name()).resolve(Integer.toString(s.version()));
    // The export multiplies in float32, whatever training did.
    var options = ProgramOptions.of(run.configuration()).withProducts(WeightType.FLOAT32);
    try (Policy policy = Policy.load(run.configuration(), options, Mgpo.weights(mgpo))) {
      Path hf = folder.resolve("huggingface");
      if (!Files.exists(hf)) {
        ModelFolder.write(
            hf,
            policy.program().config(),
            policy.program()::get,
            policy.tokenizer(),
            options(run.configuration(), policy));
      }
      if (!Files.exists(version)) {
        new SavedModelExporter(
                policy.program().config(), policy.stopIds(), policy.tokenizer().padId())
            .write(
                version.getParent(),
                s.version(),
                policy::save,
                policy.tokenizer(),
                facts(run, policy, mgpo));
      }
      compare(policy, version, tried, s.maxNewTokens());
    }
    run.manifest(Stage.EXPORT)
        .withInput("mgpo", mgpo)
        .withFact("compared_prompts", tried.size())
        .write(folder);
    LOG.info("export: {} answers as the trainer does on {} prompts", version, tried.size());
  }

  /** Float32, as trained; what a base model's folder said besides its sizes is kept. */
  private static ExportOptions options(Configuration c, Policy policy) {
    ExportOptions options = ExportOptions.defaults().withDtype(Dtype.F32);
    if (!c.model().startsAtRandom()) {
      options = options.withOrigin(ModelFolder.open(Path.of(c.model().from())).origin());
    }
    return options.withCard(new ModelCard(c.export().name(), facts(c, policy)));
  }

  /** Where the model comes from. */
  private static Map<String, Object> facts(Configuration c, Policy policy) {
    Map<String, Object> facts = new LinkedHashMap<>();
    if (!c.model().startsAtRandom()) {
      Path base = Path.of(c.model().from());
      facts.put("base", String.valueOf(base.toAbsolutePath().normalize().getFileName()));
    }
    facts.put("parameters", policy.program().config().parameterCount());
    facts.put("seed", c.seed());
    facts.put("sft_steps", c.sft().steps());
    facts.put("mgpo_steps", c.mgpo().steps());
    facts.put("mgpo_lambda", c.mgpo().lambda());
    facts.put("configuration_sha256", c.hash());
    return facts;
  }

  /** The same with the whole configuration and the hashes of the weights' files. */
  private static Map<String, Object> facts(StageRun run, Policy policy, Path mgpo) {
    Map<String, Object> facts = new LinkedHashMap<>(facts(run.configuration(), policy));
    facts.put("configuration", run.configuration().toYaml());
    Map<String, String> weights = new LinkedHashMap<>();
    for (Manifest.Entry file : Manifest.read(mgpo).outputs()) {
      // Manifests name the time: equal weights have other ones.
      if (file.path().startsWith("weights/") && !file.path().endsWith(Manifest.FILE)) {
        weights.put(file.path(), file.sha256());
      }
    }
    facts.put("mgpo_sha256", weights);
    return facts;
  }

  /**
   * The exported model's greedy answers against the trainer's.
   *
   * @throws DataException if they differ by more than rounding
   */
  private static void compare(Policy policy, Path version, List<Problem> problems, int most) {
    var spec = new SampleSpec(1, most, problems.size(), Sampling.greedy());
    List<List<Response>> expected = policy.sample(problems, spec, tokens -> {});
    List<ServedModel.Ask> asks = new ArrayList<>();
    for (List<Response> group : expected) {
      asks.add(ServedModel.Ask.greedy(group.get(0).prompt(), most));
    }
    try (ServedModel served = ServedModel.load(version)) {
      List<ServedModel.Answer> answers = served.generate(asks);
      for (int i = 0; i < answers.size(); i++) {
        Completion wanted = expected.get(i).get(0).completion();
        String problem = problems.get(i).id();
        difference(wanted, answers.get(i))
            .ifPresent(
                found -> {
                  throw new DataException(
                      "%s answers problem %s otherwise than the trainer: %s; the export must not be served"
                          .formatted(version, problem, found));
                });
      }
    }
  }

  /**
   * What tells two greedy answers apart, unless it is rounding. Where the likeliest tokens differ
   * and are equally likely, it is a tie, and what follows says nothing.
   */
  static Optional<String> difference(Completion wanted, ServedModel.Answer got) {
    int both = Math.min(wanted.ids().length, got.ids().length);
    for (int t = 0; t < both; t++) {
      double gap = Math.abs(wanted.logps()[t] - got.logps()[t]);
      if (!(gap <= LARGEST_GAP)) {
        return Optional.of(
            "token %d has ln p %.4f, expected %.4f"
                .formatted(t + 1, got.logps()[t], wanted.logps()[t]));
      }
      if (wanted.ids()[t] != got.ids()[t]) {
        return Optional.empty();
      }
    }
    return wanted.ids().length == got.ids().length
        ? Optional.empty()
        : Optional.of("%d tokens, expected %d".formatted(got.ids().length, wanted.ids().length));
  }
}
