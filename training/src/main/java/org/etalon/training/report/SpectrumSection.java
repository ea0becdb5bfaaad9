package org.etalon.training.report;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.etalon.training.metrics.MetricsLog;

/** The spectrum phase: the loss, and every checkpoint's Pass@1 and Pass@K per subdomain. */
final class SpectrumSection {
  private SpectrumSection() {}

  static String html(RunData data) {
    return sft(data.sft()) + probe(data);
  }

  private static String sft(List<MetricsLog.Row> rows) {
    String title = "Spectrum phase";
    if (rows.isEmpty()) {
      return Html.section(
          "sft", title, "Supervised fine-tuning on reasoning traces.", Html.notYet("sft"));
    }
    MetricsLog.Row last = rows.get(rows.size() - 1);
    double seconds = rows.stream().mapToDouble(MetricsLog.Row::seconds).sum();
    String lead =
        String.format(
            Locale.ROOT,
            "Supervised fine-tuning: <b>%d steps</b> in %s, last loss <b>%s</b> nats per response"
                + " token.",
            last.step(),
            Charts.duration(seconds),
            Html.number(last.number("loss").orElse(Double.NaN)));
    return Html.section(
        "sft",
        title,
        lead,
        Charts.row(
            Charts.metric(rows, "loss", "Loss", "nats per response token", false, List.of()),
            Charts.metric(rows, "learning_rate", "Learning rate", "", false, List.of()),
            Charts.metric(rows, "grad_norm", "Gradient norm", "before clipping", false, List.of()),
            Charts.metric(rows, "tokens_per_second", "Tokens per second", "", false, List.of())));
  }

  private static String probe(RunData data) {
    ProbeResult probe = data.probe();
    if (probe == null) {
      return Html.section(
          "probe",
          "Probe and fusion",
          "Every checkpoint on each subdomain's probing set.",
          Html.notYet("probe"));
    }
    var subdomains = new TreeSet<String>();
    probe.checkpoints().forEach(c -> subdomains.addAll(c.subdomains().keySet()));
    String[] charts = subdomains.stream().map(name -> chart(probe, name)).toArray(String[]::new);
    String lead =
        "Every checkpoint of the one run on each subdomain's probing set, %d responses per problem."
                .formatted(probe.samples())
            + " The specialist, marked, is the checkpoint with the best score.";
    return Html.section(
        "probe", "Probe and fusion", lead, Charts.row(charts) + fusion(data.fuse()));
  }

  private static String chart(ProbeResult probe, String subdomain) {
    Line passAt1 = line(probe, subdomain, "Pass@1", "c2", s -> s.passAt1(), false);
    Line passAtK = line(probe, subdomain, "Pass@" + probe.k(), "c1", s -> s.passAtK(), true);
    Integer chosen = probe.specialists().get(subdomain);
    List<LineChart.Mark> marks =
        chosen == null
            ? List.of()
            : List.of(new LineChart.Mark(chosen, "specialist: step " + chosen, true));
    int problems =
        probe.checkpoints().stream()
            .filter(c -> c.subdomains().containsKey(subdomain))
            .mapToInt(c -> c.subdomains().get(subdomain).problems())
            .max()
            .orElse(0);
    return new LineChart(
            subdomain,
            problems + " problems; the band is the interval of Pass@" + probe.k(),
            LineChart.Unit.PERCENT,
            List.of(passAtK, passAt1),
            marks)
        .figure();
  }

  private static Line line(
      ProbeResult probe,
      String subdomain,
      String name,
      String color,
      ToDoubleFunction<ProbeResult.Score> value,
      boolean band) {
    ImmutableList.Builder<Line.Point> points = ImmutableList.builder();
    for (ProbeResult.Checkpoint checkpoint : probe.checkpoints()) {
      ProbeResult.Score score = checkpoint.subdomains().get(subdomain);
      if (score != null) {
        double y = value.applyAsDouble(score);
        points.add(
            band
                ? new Line.Point(checkpoint.step(), y, score.low(), score.high())
                : new Line.Point(checkpoint.step(), y));
      }
    }
    return new Line(name, color, points.build());
  }

  private static String fusion(FuseResult fuse) {
    if (fuse == null) {
      return "<h3>Fusion</h3>\n" + Html.notYet("fuse");
    }
    var rows = new StringBuilder();
    fuse.weights()
        .forEach(
            (subdomain, weight) ->
                rows.append(
                    "<tr><th>%s</th><td>step %s</td><td>%s</td></tr>\n"
                        .formatted(
                            Html.escape(subdomain),
                            fuse.steps().getOrDefault(subdomain, 0),
                            Html.number(weight))));
    return """
        <h3>Fusion</h3>
        <div class="scroll"><table>
        <thead><tr><th>Specialist</th><th>Checkpoint</th><th>Weight</th></tr></thead>
        <tbody>
        %s</tbody>
        </table></div>
        """
        .formatted(rows);
  }
}
