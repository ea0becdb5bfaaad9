package org.etalon.training.probe;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.data.DataException;
import org.etalon.data.grade.Graders;
import org.etalon.data.manifest.Manifest;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.etalon.graph.program.Sampling;
import org.etalon.training.command.StageCommand;
import org.etalon.training.config.ProbeSettings;
import org.etalon.training.fleet.FleetSource;
import org.etalon.training.metrics.Progress;
import org.etalon.training.policy.Graded;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.RolloutSource;
import org.etalon.training.policy.SampleSpec;
import org.etalon.training.policy.Seeds;
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
 * Scores every checkpoint of the one spectrum-phase run with Pass@K on each subdomain's probing set
 * and names each subdomain's specialist: M* = argmax over t of P(t).
 *
 * <p>Paper: P1 §3.3. Our choice: equal scores go to the checkpoint with the higher Pass@1, then to
 * the later one.
 */
public final class Probe {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);

  private Probe() {}

  /** The stage as a program of its own; takes the options of {@code etalon probe}. */
  public static void main(String[] args) {
    StageCommand.main("probe", Probe::run, args);
  }

  /** Pass rates of one checkpoint on one probing set. */
  record Rates(double pass1, double passK, double low, double high, int problems) {}

  /** Pass rates of one checkpoint. */
  record Row(long step, Map<String, Rates> subdomains) {}

  /** The specialist's step of each subdomain, as {@link #run} found it. */
  public static Map<String, Long> specialists(Path stageFolder) {
    Path file = stageFolder.resolve("result.json");
    try {
      Map<String, Long> steps = new TreeMap<>();
      JSON.readTree(file.toFile())
          .get("specialists")
          .properties()
          .forEach(e -> steps.put(e.getKey(), e.getValue().asLong()));
      return steps;
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Scores the checkpoints that have no scores yet, then chooses. */
  public static void run(StageRun run) {
    ProbeSettings s = run.configuration().probe();
    Path folder = run.folder().folder(Stage.PROBE);
    List<Problem> problems =
        probingSets(
            ProblemFile.read(run.completed(Stage.DATA).resolve("probe.jsonl")),
            s.problemsPerSubdomain());
    Path sft = run.completed(Stage.SFT);
    List<Checkpoints.Checkpoint> candidates =
        Sft.checkpoints(sft).all().stream().filter(c -> c.step() > 0).toList();
    List<Row> rows = new ArrayList<>();
    try (Policy policy = Policy.base(run.configuration());
        RolloutSource source = FleetSource.of(run.configuration(), policy);
        Graders graders = run.configuration().grader().graders();
        Progress progress =
            Progress.start(run.progress(), "probe", "checkpoints", 0, candidates.size())) {
      for (Checkpoints.Checkpoint candidate : candidates) {
        Path file = folder.resolve("step-%06d.json".formatted(candidate.step()));
        if (!Files.exists(file)) {
          Manifest.verify(candidate.folder());
          policy.restore(candidate.tensors());
          source.renew();
          Row row = score(run, policy, source, graders, problems, candidate.step());
          AtomicFiles.write(file, out -> out.write(JSON.writeValueAsBytes(json(row))));
        }
        Row row = read(file);
        rows.add(row);
        progress.update(rows.size(), "step %d".formatted(row.step()));
      }
    }
    Map<String, Long> specialists = choose(rows, s.metric());
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("k", s.k());
    result.put("samples", s.samples());
    result.put("metric", s.metric().toString());
    result.put("checkpoints", rows.stream().map(Probe::json).toList());
    result.put("specialists", specialists);
    AtomicFiles.write(
        folder.resolve("result.json"), out -> out.write(JSON.writeValueAsBytes(result)));
    run.manifest(Stage.PROBE)
        .withInput("sft", sft)
        .withFact("specialists", specialists)
        .write(folder);
  }

  /** For each subdomain the step with the best score. */
  static Map<String, Long> choose(List<Row> rows, ProbeSettings.Metric metric) {
    Map<String, Long> best = new TreeMap<>();
    Map<String, Rates> rates = new HashMap<>();
    for (Row row : rows) {
      row.subdomains()
          .forEach(
              (subdomain, now) -> {
                Rates before = rates.get(subdomain);
                if (before == null || compare(now, before, metric) >= 0) {
                  rates.put(subdomain, now);
                  best.put(subdomain, row.step());
                }
              });
    }
    return best;
  }

  private static int compare(Rates a, Rates b, ProbeSettings.Metric metric) {
    int wide = Double.compare(a.passK, b.passK);
    int sharp = Double.compare(a.pass1, b.pass1);
    if (metric == ProbeSettings.Metric.PASS_AT_1) {
      return sharp != 0 ? sharp : wide;
    }
    return wide != 0 ? wide : sharp;
  }

  private static Row score(
      StageRun run,
      Policy policy,
      RolloutSource source,
      Graders graders,
      List<Problem> problems,
      long step) {
    ProbeSettings s = run.configuration().probe();
    // The same random numbers for every checkpoint: differences come from the weights.
    var sampling =
        new Sampling(
            s.temperature(), s.topK(), s.topP(), Seeds.of(run.configuration().seed(), "probe", 0));
    var spec = new SampleSpec(s.samples(), s.maxNewTokens(), s.slots(), sampling);
    List<Graded> graded =
        Graded.of(problems, policy.sample(problems, spec, source, tokens -> {}), graders);
    int undecided = Graded.undecided(graded);
    if (undecided > 0) {
      LOG.warn(
          "probe: step {}: {} responses could not be graded and do not count", step, undecided);
    }
    Bootstrap bootstrap =
        new Bootstrap(
            run.configuration().eval().bootstrapSamples(),
            run.configuration().eval().confidence(),
            run.configuration().seed());
    Map<String, Rates> rates = new TreeMap<>();
    PassTable.of(Graded.decided(graded), s.k())
        .bySubdomain()
        .forEach(
            (subdomain, scores) -> {
              Interval wide = bootstrap.mean(scores.passKArray());
              Interval sharp = bootstrap.mean(scores.pass1Array());
              rates.put(
                  subdomain,
                  new Rates(
                      sharp.value(), wide.value(), wide.low(), wide.high(), scores.pass1().size()));
            });
    return new Row(step, rates);
  }

  private static List<Problem> probingSets(List<Problem> problems, int perSubdomain) {
    Map<String, Integer> counts = new HashMap<>();
    return problems.stream()
        .filter(p -> counts.merge(p.subdomain(), 1, Integer::sum) <= perSubdomain)
        .toList();
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> subdomains = new TreeMap<>();
    row.subdomains()
        .forEach(
            (subdomain, r) ->
                subdomains.put(
                    subdomain,
                    ImmutableMap.of(
                        "pass@1", r.pass1,
                        "pass@k", r.passK,
                        "low", r.low,
                        "high", r.high,
                        "problems", r.problems)));
    return ImmutableMap.of("step", row.step(), "subdomains", subdomains);
  }

  private static Row read(Path file) {
    try {
      var tree = JSON.readTree(file.toFile());
      Map<String, Rates> rates = new TreeMap<>();
      for (var entry : tree.get("subdomains").properties()) {
        var r = entry.getValue();
        rates.put(
            entry.getKey(),
            new Rates(
                r.get("pass@1").asDouble(),
                r.get("pass@k").asDouble(),
                r.get("low").asDouble(),
                r.get("high").asDouble(),
                r.get("problems").asInt()));
      }
      return new Row(tree.get("step").asLong(), rates);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage() + "; delete it", e);
    }
  }
}
