package org.etalon.training.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.MgpoSettings;
import org.etalon.training.metrics.MetricsLog;

/** The signal phase: reward, entropy, groups, weights, lengths, and sampler against trainer. */
final class SignalSection {
  private SignalSection() {}

  static String html(RunData data, Optional<Configuration> settings) {
    List<MetricsLog.Row> rows = data.mgpo();
    String title = "Signal phase";
    if (rows.isEmpty()) {
      return Html.section(
          "mgpo",
          title,
          "MGPO: reinforcement learning that prefers prompts of accuracy one half.",
          Html.notYet("mgpo"));
    }
    List<LineChart.Mark> marks = settings.map(s -> boundaries(s.mgpo(), rows)).orElse(List.of());
    return Html.section("mgpo", title, lead(rows, settings), charts(rows, marks));
  }

  private static String lead(List<MetricsLog.Row> rows, Optional<Configuration> settings) {
    MetricsLog.Row last = rows.get(rows.size() - 1);
    double seconds = rows.stream().mapToDouble(MetricsLog.Row::seconds).sum();
    String lead =
        String.format(
            Locale.ROOT, "MGPO: <b>%d steps</b> in %s", last.step(), Charts.duration(seconds));
    return settings
        .map(Configuration::mgpo)
        .map(
            m ->
                lead
                    + String.format(
                        Locale.ROOT,
                        ", %d prompts of %d rollouts each, sharpness λ = %s.",
                        m.promptsPerStep(),
                        m.rollouts(),
                        Html.number(m.lambda())))
        .orElse(lead + ".");
  }

  /** Where the curriculum goes to another length. */
  private static List<LineChart.Mark> boundaries(MgpoSettings mgpo, List<MetricsLog.Row> rows) {
    long last = rows.get(rows.size() - 1).step();
    var marks = new ArrayList<LineChart.Mark>();
    int end = 0;
    for (MgpoSettings.Stage stage : mgpo.stages()) {
      if (end > 0 && end < last) {
        marks.add(new LineChart.Mark(end, stage.maxNewTokens() + " tokens", false));
      }
      end += stage.steps();
    }
    return marks;
  }

  private static String charts(List<MetricsLog.Row> rows, List<LineChart.Mark> marks) {
    return Charts.row(
        Charts.metric(rows, "reward", "Reward", "mean over rollouts", false, marks),
        Charts.metric(rows, "heldout/accuracy", "Held-out accuracy", "", true, marks),
        Charts.metric(rows, "entropy", "Entropy", "nats per token", false, marks),
        Charts.metric(
            rows, "mgpo/weight_mean", "Mean weight w_ME", "1 at accuracy one half", false, marks),
        heatMap(rows),
        details(rows, marks));
  }

  private static String details(List<MetricsLog.Row> rows, List<LineChart.Mark> marks) {
    return String.join(
        "",
        Charts.metric(
            rows, "completions/mean_length", "Response length", "tokens, mean", false, marks),
        Charts.metric(
            rows,
            "completions/clipped_ratio",
            "Cut off",
            "responses cut at the length limit",
            true,
            marks),
        Charts.metric(
            rows,
            "frac_reward_zero_std",
            "Groups without signal",
            "all right or all wrong",
            true,
            marks),
        Charts.metric(rows, "reward_std", "Reward deviation", "inside groups", false, marks),
        Charts.metric(rows, "kl", "KL", "against the start model, nats per token", false, marks),
        clipping(rows, marks),
        Charts.metric(
            rows,
            "sampling/logp_difference/max",
            "Sampler against trainer",
            "largest difference of a log-probability, nats",
            false,
            marks),
        Charts.metric(
            rows,
            "fleet/staleness",
            "Staleness of the fleet",
            "optimizer steps that the servers' weights were behind",
            false,
            marks),
        seconds(rows, marks));
  }

  private static String clipping(List<MetricsLog.Row> rows, List<LineChart.Mark> marks) {
    return new LineChart(
            "Clipped ratios",
            "share of tokens",
            LineChart.Unit.PERCENT,
            List.of(
                Charts.line(rows, "clip_ratio/low", "below", "c1"),
                Charts.line(rows, "clip_ratio/high", "above", "c2")),
            marks)
        .figure();
  }

  private static String seconds(List<MetricsLog.Row> rows, List<LineChart.Mark> marks) {
    return new LineChart(
            "Seconds per step",
            "",
            LineChart.Unit.NUMBER,
            List.of(
                Charts.line(rows, "seconds/rollout", "rollouts", "c1"),
                Charts.line(rows, "seconds/train", "training", "c2")),
            marks)
        .figure();
  }

  private static String heatMap(List<MetricsLog.Row> rows) {
    var steps = new ArrayList<Double>();
    var counts = new ArrayList<double[]>();
    for (MetricsLog.Row row : rows) {
      double[] groups =
          row.numbers("mgpo/accuracy_histogram").stream().mapToDouble(x -> x).toArray();
      boolean fits = counts.isEmpty() || counts.get(0).length == groups.length;
      if (groups.length > 1 && fits) {
        steps.add((double) row.step());
        counts.add(groups);
      }
    }
    return counts.isEmpty() ? "" : new HeatMap(steps, counts).figure();
  }
}
