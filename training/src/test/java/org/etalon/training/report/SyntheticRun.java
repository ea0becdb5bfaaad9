package org.etalon.training.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.etalon.training.config.Configuration;
import org.etalon.training.metrics.MetricsLog;
import org.etalon.training.run.RunFolder;
import org.etalon.training.run.Stage;
import org.etalon.training.statistics.Interval;

/** A run folder with plausible numbers, drawn by a seed, that no training made. */
public final class SyntheticRun {
  static final List<String> SUBDOMAINS = List.of("algebra", "calculus", "geometry", "statistics");
  private static final int GROUP = 8;

  private final Path root;
  private final Random random = new Random(5);

  private SyntheticRun(Path root) {
    this.root = root;
  }

  /** Writes all stages. */
  public static void write(Path root, int sftSteps, int mgpoSteps) throws IOException {
    try (RunFolder run = RunFolder.open(root, Configuration.defaults())) {
      var synthetic = new SyntheticRun(root);
      synthetic.sft(sftSteps);
      synthetic.probe(sftSteps);
      synthetic.mgpo(mgpoSteps);
      synthetic.samples(1);
      synthetic.samples(mgpoSteps);
      synthetic.eval();
      for (Stage stage : List.of(Stage.SFT, Stage.PROBE, Stage.FUSE, Stage.MGPO, Stage.EVAL)) {
        run.manifest(stage, "pipeline --out run")
            .withFact("steps", 600)
            .withFact("tokens_per_second", 5321.25)
            .write(run.folder(stage));
      }
    }
  }

  private void sft(int steps) {
    try (MetricsLog log = MetricsLog.open(root.resolve("sft/metrics.jsonl"), 0)) {
      for (int step = 1; step <= steps; step++) {
        double t = (double) step / steps;
        log.append(
            step,
            0.31,
            Map.of(
                "loss",
                0.35 + 4.2 * Math.exp(-9 * t) + 0.04 * random.nextGaussian(),
                "learning_rate",
                2e-3 * Math.min(20 * t, 0.55 + 0.45 * Math.cos(Math.PI * t)),
                "grad_norm",
                step == steps / 2 ? Double.NaN : 0.4 + Math.exp(-6 * t) * 3,
                "tokens_per_second",
                12800 + 400 * random.nextGaussian()));
      }
    }
  }

  private void probe(int steps) {
    var checkpoints = new ArrayList<ProbeResult.Checkpoint>();
    var best = new TreeMap<String, Integer>();
    var bestScore = new TreeMap<String, Double>();
    for (int i = 1; i <= 6; i++) {
      int step = i * steps / 6;
      var scores = new TreeMap<String, ProbeResult.Score>();
      for (int s = 0; s < SUBDOMAINS.size(); s++) {
        double one = (0.2 + 0.05 * s) * (1 - Math.exp(-0.9 * i));
        double many = Math.min(0.98, 2.1 * one - 0.015 * s * Math.max(0, i - 3 - s));
        scores.put(
            SUBDOMAINS.get(s),
            new ProbeResult.Score(one, many, many - 0.07, Math.min(1, many + 0.07), 40));
        if (many > bestScore.getOrDefault(SUBDOMAINS.get(s), 0.0)) {
          best.put(SUBDOMAINS.get(s), step);
          bestScore.put(SUBDOMAINS.get(s), many);
        }
      }
      checkpoints.add(new ProbeResult.Checkpoint(step, scores));
    }
    new ProbeResult(8, 16, checkpoints, best).write(root.resolve("probe"));
    var weights = new TreeMap<String, Double>();
    SUBDOMAINS.forEach(name -> weights.put(name, 0.25));
    new FuseResult(weights, best).write(root.resolve("fuse"));
  }

  private void mgpo(int steps) {
    try (MetricsLog log = MetricsLog.open(root.resolve("mgpo/metrics.jsonl"), 0)) {
      for (int step = 1; step <= steps; step++) {
        double t = (double) step / steps;
        double accuracy = 0.3 + 0.35 * t;
        int[] groups = new int[GROUP + 1];
        for (int g = 0; g < 32; g++) {
          double p = Math.min(1, Math.max(0, accuracy + 0.3 * random.nextGaussian()));
          groups[(int) Math.round(p * GROUP)]++;
        }
        var values = new LinkedHashMap<String, Object>();
        values.put("reward", accuracy + 0.04 * random.nextGaussian());
        values.put("reward_std", 0.33 - 0.1 * t);
        values.put("frac_reward_zero_std", (groups[0] + groups[GROUP]) / 32.0);
        values.put("kl", 0.02 * t);
        values.put("entropy", 0.62 - 0.3 * t + 0.01 * random.nextGaussian());
        values.put("clip_ratio/low", 0.001);
        values.put("clip_ratio/high", 0.002 * t);
        values.put("completions/mean_length", 74 + 20 * t + random.nextGaussian());
        values.put("completions/clipped_ratio", 0.11 * Math.exp(-3 * t));
        values.put("sampling/logp_difference/max", 2e-6 + 1e-6 * random.nextDouble());
        values.put("mgpo/weight_mean", 0.83 + 0.02 * random.nextGaussian());
        values.put("mgpo/accuracy_histogram", groups);
        values.put("seconds/rollout", 1.4 + 0.3 * t);
        values.put("seconds/train", 0.9);
        if (step % 10 == 0) {
          values.put("heldout/accuracy", 0.28 + 0.3 * t);
        }
        log.append(step, 2.4, values);
      }
    }
  }

  private void samples(int step) throws IOException {
    var mapper = new JsonMapper();
    var lines = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      boolean right = i % 3 != 0;
      var sample =
          new RolloutSample(
              step,
              "A box holds 12 red and 4 <b>blue</b> marbles. Problem " + i + "?",
              "12 + 4 = 16 marbles.\n4 / 16 = 1/4 & so on.\nThe answer is \\boxed{1/4}.",
              right ? "1/4" : "3/4",
              right ? 1 : 0,
              0.625,
              0.9689,
              right ? 0.7 : -1.2);
      lines.append(mapper.writeValueAsString(sample)).append('\n');
    }
    Path file = RolloutSample.file(root.resolve("mgpo"), step);
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines);
  }

  private void eval() {
    var models = new ArrayList<EvalResult.Model>();
    models.add(model("base", 0.01, 0.05));
    for (int i = 0; i < SUBDOMAINS.size(); i++) {
      models.add(model(SUBDOMAINS.get(i) + " specialist", 0.33 + 0.01 * i, 0.68 + 0.01 * i));
    }
    models.add(model("fused", 0.37, 0.70));
    models.add(model("mgpo", 0.58, 0.79));
    new EvalResult(8, 16, 0.95, models).write(root.resolve("eval"));
  }

  static EvalResult.Model model(String name, double one, double many) {
    var scores = new TreeMap<String, EvalResult.Score>();
    for (String subdomain : SUBDOMAINS) {
      scores.put(subdomain, new EvalResult.Score(interval(one * 0.98), interval(many)));
    }
    return new EvalResult.Model(name, interval(one), interval(many), 82.4, 0.031, scores);
  }

  private static Interval interval(double value) {
    return new Interval(value, Math.max(0, value - 0.032), Math.min(1, value + 0.034));
  }
}
