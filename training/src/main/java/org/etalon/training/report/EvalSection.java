package org.etalon.training.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.etalon.training.statistics.Interval;

/** The result first: held-out scores of base, specialists, fused and final model. */
final class EvalSection {
  private EvalSection() {}

  static String html(RunData data) {
    EvalResult eval = data.eval();
    if (eval == null) {
      return Html.section("result", "Result", "Held-out problems.", Html.notYet("eval"));
    }
    String lead =
        "Held-out problems, %d responses each, binary rewards, with %s intervals."
            .formatted(eval.samples(), confidence(eval));
    return Html.section(
        "result",
        "Result",
        lead,
        tiles(eval)
            + findings(eval)
            + table(eval)
            + subdomains(eval)
            + BenchmarkTables.html(data.benchmarks()));
  }

  private static String tiles(EvalResult eval) {
    var tiles = new StringBuilder("<div class=\"tiles\">\n");
    for (String name : List.of(EvalResult.BASE, EvalResult.FUSED, EvalResult.MGPO)) {
      eval.model(name)
          .ifPresent(
              model ->
                  tiles.append(
                      "<div class=\"tile\"><span>%s, Pass@1</span><b>%s</b><span>%s</span></div>\n"
                          .formatted(
                              Html.escape(name),
                              Html.percent(model.passAt1().value()),
                              range(model.passAt1()))));
    }
    return tiles.append("</div>\n").toString();
  }

  /** What the intervals do and do not show, in words. */
  private static String findings(EvalResult eval) {
    var findings = new ArrayList<String>();
    Optional<EvalResult.Model> base = eval.model(EvalResult.BASE);
    Optional<EvalResult.Model> fused = eval.model(EvalResult.FUSED);
    Optional<EvalResult.Model> mgpo = eval.model(EvalResult.MGPO);
    if (fused.isPresent() && mgpo.isPresent()) {
      findings.add(
          "MGPO over the fused model: " + change(fused.get().passAt1(), mgpo.get().passAt1()));
    }
    if (base.isPresent() && fused.isPresent()) {
      findings.add(
          "Fused over the base model: " + change(base.get().passAt1(), fused.get().passAt1()));
    }
    Optional<EvalResult.Model> single =
        eval.models().stream()
            .filter(m -> !EvalResult.isStage(m.name()))
            .max(Comparator.comparingDouble(m -> m.passAtK().value()));
    if (fused.isPresent() && single.isPresent()) {
      findings.add(againstSingle(eval, fused.get(), single.get()));
    }
    var list = new StringBuilder("<ul class=\"findings\">\n");
    findings.forEach(finding -> list.append("<li>").append(finding).append("</li>\n"));
    return findings.isEmpty() ? "" : list.append("</ul>\n").toString();
  }

  private static String change(Interval from, Interval to) {
    String verdict =
        !from.isApartFrom(to)
            ? "the intervals overlap"
            : to.value() > from.value() ? "the intervals are apart" : "worse, intervals apart";
    return String.format(
        Locale.ROOT,
        "Pass@1 <b>%+.1f points</b> (%s → %s), %s.",
        100 * (to.value() - from.value()),
        Html.percent(from.value()),
        Html.percent(to.value()),
        verdict);
  }

  private static String againstSingle(
      EvalResult eval, EvalResult.Model fused, EvalResult.Model single) {
    double value = fused.passAtK().value();
    String verdict =
        value >= single.passAtK().value()
            ? "at least as good"
            : single.passAtK().contains(value) ? "lower, within its interval" : "lower";
    return "Fused against the best single checkpoint (%s): Pass@%d %s against %s, %s."
        .formatted(
            Html.escape(single.name()),
            eval.k(),
            Html.percent(value),
            Html.percent(single.passAtK().value()),
            verdict);
  }

  private static String table(EvalResult eval) {
    double most = eval.models().stream().mapToDouble(m -> m.passAt1().high()).max().orElse(1);
    var rows = new StringBuilder();
    for (EvalResult.Model model : eval.models()) {
      rows.append(
          """
          <tr%s><th>%s</th><td>%s<small>%s</small></td><td>%s</td><td>%s<small>%s</small></td>\
          <td>%s</td><td>%s</td></tr>
          """
              .formatted(
                  model.name().equals(EvalResult.MGPO) ? " class=\"main\"" : "",
                  Html.escape(model.name()),
                  Html.percent(model.passAt1().value()),
                  range(model.passAt1()),
                  bar(model.passAt1(), most),
                  Html.percent(model.passAtK().value()),
                  range(model.passAtK()),
                  Html.number(Math.rint(model.meanLength())),
                  Html.percent(model.truncated())));
    }
    return """
        <div class="scroll"><table>
        <thead><tr><th>Model</th><th>Pass@1</th><th>0 to %s</th><th>Pass@%d</th><th>Tokens</th>\
        <th>Cut off</th></tr></thead>
        <tbody>
        %s</tbody>
        </table></div>
        """
        .formatted(Html.percent(most), eval.k(), rows);
  }

  /** The interval as a bar with the estimate as a dot. */
  private static String bar(Interval interval, double most) {
    double scale = most > 0 ? 100 / most : 0;
    return String.format(
        Locale.ROOT,
        "<span class=\"range\"><i style=\"left:%.1f%%;width:%.1f%%\"></i>"
            + "<b style=\"left:%.1f%%\"></b></span>",
        interval.low() * scale,
        (interval.high() - interval.low()) * scale,
        interval.value() * scale);
  }

  private static String subdomains(EvalResult eval) {
    var names = new TreeSet<String>();
    eval.models().forEach(model -> names.addAll(model.subdomains().keySet()));
    if (names.isEmpty()) {
      return "";
    }
    var head = new StringBuilder();
    names.forEach(name -> head.append("<th>").append(Html.escape(name)).append("</th>"));
    var rows = new StringBuilder();
    for (EvalResult.Model model : eval.models()) {
      rows.append("<tr><th>").append(Html.escape(model.name())).append("</th>");
      for (String name : names) {
        rows.append("<td>").append(cell(model.subdomains(), name)).append("</td>");
      }
      rows.append("</tr>\n");
    }
    return """
        <details><summary>By subdomain</summary><div class="scroll"><table>
        <thead><tr><th>Pass@1 (Pass@%d)</th>%s</tr></thead>
        <tbody>
        %s</tbody>
        </table></div></details>
        """
        .formatted(eval.k(), head, rows);
  }

  private static String cell(Map<String, EvalResult.Score> scores, String name) {
    EvalResult.Score score = scores.get(name);
    if (score == null) {
      return "–";
    }
    return "%s (%s)<small>%s</small>"
        .formatted(
            Html.percent(score.passAt1().value()),
            Html.percent(score.passAtK().value()),
            range(score.passAt1()));
  }

  private static String range(Interval interval) {
    return String.format(Locale.ROOT, "%.1f to %.1f", 100 * interval.low(), 100 * interval.high());
  }

  private static String confidence(EvalResult eval) {
    return Html.number(100 * eval.confidence()) + "\u00a0%";
  }
}
