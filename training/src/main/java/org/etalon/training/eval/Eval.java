package org.etalon.training.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.data.DataException;
import org.etalon.data.grade.Graders;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.etalon.graph.program.Sampling;
import org.etalon.training.command.StageCommand;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.EvalSettings;
import org.etalon.training.fleet.FleetSource;
import org.etalon.training.fuse.Fuse;
import org.etalon.training.metrics.Progress;
import org.etalon.training.mgpo.Mgpo;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.Response;
import org.etalon.training.policy.RolloutSource;
import org.etalon.training.policy.SampleSpec;
import org.etalon.training.policy.Seeds;
import org.etalon.training.probe.PassTable;
import org.etalon.training.probe.Probe;
import org.etalon.training.report.BenchmarkResult;
import org.etalon.training.report.EvalResult;
import org.etalon.training.run.AtomicFiles;
import org.etalon.training.run.Checkpoints;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.etalon.training.sft.Sft;
import org.etalon.training.statistics.Bootstrap;
import org.etalon.training.statistics.Interval;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores the base model, each specialist, the fused model and the final model on the held-out
 * problems: Pass@1 averaged over samples, unbiased Pass@K, bootstrap intervals over problems. Then
 * scores the models that are chosen for it, the final one by default, on benchmarks.
 *
 * <p>Paper: P1 §4.1, binary rewards and avg@n.
 */
public final class Eval {
  private static final Logger LOG = LoggerFactory.getLogger(Eval.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Eval() {}

  /** The stage as a program of its own; takes the options of {@code etalon eval}. */
  public static void main(String[] args) {
    StageCommand.main("eval", Eval::run, args);
  }

  /** Scores every model that has no scores yet. */
  public static void run(StageRun run) {
    EvalSettings s = run.configuration().eval();
    Path folder = run.folder().folder(Stage.EVAL);
    List<Problem> all = ProblemFile.read(run.completed(Stage.DATA).resolve("test.jsonl"));
    List<Problem> problems =
        s.problems() == 0 ? all : all.subList(0, Math.min(s.problems(), all.size()));
    Map<String, Path> models = models(run);
    List<BenchmarkTask> tasks = tasks(run.configuration());
    List<JsonNode> results = new ArrayList<>();
    try (Policy policy = Policy.base(run.configuration());
        RolloutSource source = FleetSource.of(run.configuration(), policy);
        Graders graders = run.configuration().grader().graders();
        Progress progress = Progress.start(run.progress(), "eval", "models", 0, models.size())) {
      for (Map.Entry<String, Path> model : models.entrySet()) {
        String file = fileName(model.getKey());
        Path scores = folder.resolve(file + ".json");
        if (!Files.exists(scores)) {
          policy.restore(model.getValue());
          source.renew();
          List<Graded> graded = sample(run, policy, source, graders, problems);
          writeSamples(folder.resolve("samples").resolve(file + ".jsonl"), graded);
          var row = row(run, model.getKey(), graded);
          AtomicFiles.write(scores, out -> out.write(JSON.writeValueAsBytes(row)));
        }
        results.add(read(scores));
        progress.update(results.size(), model.getKey());
      }
      benchmarks(run, policy, source, graders, models, tasks);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("k", s.k());
    result.put("samples", s.samples());
    result.put("problems", problems.size());
    result.put("confidence", s.confidence());
    result.put("models", results);
    AtomicFiles.write(
        folder.resolve("result.json"), out -> out.write(JSON.writeValueAsBytes(result)));
    run.manifest(Stage.EVAL).withFact("problems", problems.size()).write(folder);
    LOG.info("eval:\n{}", EvalTable.of(results, s.k(), s.confidence()));
  }

  /** The benchmarks of the configuration, each model's samples in folders of its own. */
  private static void benchmarks(
      StageRun run,
      Policy policy,
      RolloutSource source,
      Graders graders,
      Map<String, Path> models,
      List<BenchmarkTask> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    EvalSettings s = run.configuration().eval();
    var settings =
        new BenchmarkRun.Settings(
            run.configuration().seed(),
            s.slots(),
            s.bootstrapSamples(),
            s.confidence(),
            run.progress());
    var benchmarks = new BenchmarkRun(policy, source, graders, settings, tasks);
    Path folder = run.folder().folder(Stage.EVAL);
    List<BenchmarkResult> results = new ArrayList<>();
    for (Map.Entry<String, Path> model : models.entrySet()) {
      if (!isChosen(model.getKey(), s.benchmarkModels())) {
        continue;
      }
      Path weights = model.getValue();
      policy.restore(weights);
      source.renew();
      Map<String, String> plan = new LinkedHashMap<>();
      plan.put("weights", Plan.digest(weights.getParent()));
      Plan.addFleet(plan, run.configuration().fleet());
      var named = new BenchmarkRun.Model(model.getKey(), plan);
      for (BenchmarkTask task : tasks) {
        Path own = folder.resolve(BenchmarkResult.FOLDER).resolve(fileName(model.getKey()));
        results.add(benchmarks.run(named, task, own.resolve(task.benchmark().name())));
      }
    }
    BenchmarkResult.writeAll(folder, results);
    LOG.info("eval:\n{}", BenchmarkTable.of(results));
  }

  /** Files are read before hours are spent on the models. */
  private static List<BenchmarkTask> tasks(Configuration c) {
    return c.eval().benchmarks().stream()
        .map(b -> BenchmarkTask.read(b.benchmark(), Path.of(b.file()), b.problems(), c.seed()))
        .toList();
  }

  private static boolean isChosen(String model, EvalSettings.BenchmarkModels models) {
    return switch (models) {
      case ALL -> true;
      case ENDS -> model.equals(EvalResult.MGPO) || model.equals(EvalResult.BASE);
      case FINAL -> model.equals(EvalResult.MGPO);
    };
  }

  private static String fileName(String model) {
    return model.replaceAll("[^A-Za-z0-9]+", "-");
  }

  /** Names and weights of the models, in the order of the recipe. */
  private static Map<String, Path> models(StageRun run) {
    Map<String, Path> models = new LinkedHashMap<>();
    Path sft = run.completed(Stage.SFT);
    Map<Long, Path> checkpoints = new TreeMap<>();
    for (Checkpoints.Checkpoint c : Sft.checkpoints(sft).all()) {
      checkpoints.put(c.step(), c.tensors());
    }
    models.put(EvalResult.BASE, checkpoints.get(0L));
    Map<Long, List<String>> names = new TreeMap<>();
    Probe.specialists(run.completed(Stage.PROBE))
        .forEach(
            (subdomain, step) ->
                names.computeIfAbsent(step, k -> new ArrayList<>()).add(subdomain));
    names.forEach(
        (step, subdomains) ->
            models.put(
                "specialist " + String.join(", ", subdomains) + " (step " + step + ")",
                checkpoints.get(step)));
    models.put(EvalResult.FUSED, Fuse.weights(run.completed(Stage.FUSE)));
    models.put(EvalResult.MGPO, Mgpo.weights(run.completed(Stage.MGPO)));
    return models;
  }

  private static List<Graded> sample(
      StageRun run, Policy policy, RolloutSource source, Graders graders, List<Problem> problems) {
    EvalSettings s = run.configuration().eval();
    var sampling =
        new Sampling(s.temperature(), 0, s.topP(), Seeds.of(run.configuration().seed(), "eval", 0));
    var spec = new SampleSpec(s.samples(), s.maxNewTokens(), s.slots(), sampling);
    return Graded.of(problems, policy.sample(problems, spec, source, tokens -> {}), graders);
  }

  private static Map<String, Object> row(StageRun run, String name, List<Graded> all) {
    List<Graded> graded = Graded.decided(all);
    EvalSettings s = run.configuration().eval();
    var bootstrap = new Bootstrap(s.bootstrapSamples(), s.confidence(), run.configuration().seed());
    PassTable table = PassTable.of(graded, s.k());
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", name);
    row.putAll(rates(table.all(), bootstrap));
    List<Response> responses = graded.stream().flatMap(g -> g.responses().stream()).toList();
    row.put(
        "mean_length",
        responses.stream().mapToInt(r -> r.completion().ids().length).average().orElse(0));
    row.put(
        "truncated",
        (double) responses.stream().filter(Response::truncated).count() / responses.size());
    int undecided = Graded.undecided(all);
    if (undecided > 0) {
      LOG.warn("eval: {}: {} responses could not be graded and do not count", name, undecided);
    }
    row.put("undecided", undecided);
    Map<String, Object> subdomains = new TreeMap<>();
    table.bySubdomain().forEach((name2, scores) -> subdomains.put(name2, rates(scores, bootstrap)));
    row.put("subdomains", subdomains);
    return row;
  }

  private static Map<String, Object> rates(PassTable.Scores scores, Bootstrap bootstrap) {
    Map<String, Object> rates = new LinkedHashMap<>();
    rates.put("pass@1", interval(bootstrap.mean(scores.pass1Array())));
    rates.put("pass@k", interval(bootstrap.mean(scores.passKArray())));
    return rates;
  }

  private static Map<String, Double> interval(Interval interval) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("value", interval.value());
    values.put("low", interval.low());
    values.put("high", interval.high());
    return values;
  }

  private static void writeSamples(Path file, List<Graded> graded) {
    AtomicFiles.write(
        file,
        out -> {
          for (Graded group : graded) {
            for (int i = 0; i < group.verdicts().size(); i++) {
              Map<String, Object> line = new LinkedHashMap<>();
              line.put("id", group.problem().id());
              line.put("prompt", group.problem().prompt());
              line.put("answer", group.problem().answer());
              line.put("sample", i);
              line.put("response", group.responses().get(i).text());
              line.put("extracted", group.verdicts().get(i).extracted());
              line.put("correct", group.verdicts().get(i).correct());
              line.put("decided", group.verdicts().get(i).decided());
              line.put("truncated", group.responses().get(i).truncated());
              out.write(JSON.writeValueAsBytes(line));
              out.write('\n');
            }
          }
        });
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage() + "; delete it", e);
    }
  }
}
