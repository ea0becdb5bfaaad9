package org.etalon.training.report;

import java.util.List;
import java.util.Locale;
import org.etalon.data.benchmark.Benchmark;
import org.etalon.data.benchmark.Benchmarks;
import org.etalon.data.benchmark.PaperTables;
import org.etalon.training.statistics.Interval;

/** Benchmarks: every figure, and the means in the shape of the paper's Tables 2 to 4. */
final class BenchmarkTables {
  private static final String NONE = "–";

  private BenchmarkTables() {}

  static String html(List<BenchmarkResult> results) {
    return results.isEmpty()
        ? ""
        : "<h3>Benchmarks</h3>\n"
            + figures(results)
            + (BenchmarkResult.anyOfPaper(results) ? comparison(results) : "");
  }

  private static String figures(List<BenchmarkResult> results) {
    var rows = new StringBuilder();
    for (BenchmarkResult r : results) {
      int n = r.sampling().samples();
      rows.append(
          """
          <tr><th>%s</th><td>%s</td><td>%d</td><td>%d</td><td>%s</td><td>%s</td><td>%s</td>\
          <td>%s</td><td>%s</td></tr>
          """
              .formatted(
                  Html.escape(r.model()),
                  Html.escape(r.title()),
                  r.problems(),
                  n,
                  interval(r.average()),
                  interval(r.passAtK().get(n)),
                  r.consAtK().containsKey(n) ? interval(r.consAtK().get(n)) : NONE,
                  Html.number(Math.rint(r.tokens().mean().value())),
                  Html.percent(r.truncated().value())));
    }
    return """
        <div class="scroll"><table>
        <thead><tr><th>Model</th><th>Benchmark</th><th>Problems</th><th>n</th><th>avg@n</th>\
        <th>Pass@n</th><th>cons@n</th><th>Tokens</th><th>Cut off</th></tr></thead>
        <tbody>
        %s</tbody>
        </table></div>
        """
        .formatted(rows);
  }

  private static String comparison(List<BenchmarkResult> results) {
    var head = new StringBuilder("<th>Model</th><th>Parameters</th>");
    Benchmarks.all().forEach(b -> head.append("<th>").append(b.title()).append("</th>"));
    var rows = new StringBuilder();
    BenchmarkResult.rows(results).forEach(own -> rows.append(row(" class=\"main\"", own)));
    for (PaperTables.Table table : PaperTables.all()) {
      rows.append(
          "<tr><th colspan=\"%d\">arXiv 2511.06221, table %d: %s</th></tr>\n"
              .formatted(2 + Benchmarks.all().size(), table.number(), table.caption()));
      table.rows().forEach(r -> rows.append(row("", r)));
    }
    return """
        <details open><summary>Beside the paper's tables</summary><div class="scroll"><table>
        <thead><tr>%s</tr></thead>
        <tbody>
        %s</tbody>
        </table></div></details>
        """
        .formatted(head, rows);
  }

  private static String row(String type, PaperTables.Row row) {
    var cells = new StringBuilder();
    for (Benchmark benchmark : Benchmarks.all()) {
      Double score = row.scores().get(benchmark.name());
      cells.append("<td>").append(score == null ? NONE : one(score)).append("</td>");
    }
    String parameters = row.parameters().isEmpty() ? NONE : row.parameters();
    return "<tr%s><th>%s</th><td>%s</td>%s</tr>\n"
        .formatted(type, Html.escape(row.model()), parameters, cells);
  }

  private static String interval(Interval i) {
    return "%s<small>%s to %s</small>"
        .formatted(Html.percent(i.value()), one(100 * i.low()), one(100 * i.high()));
  }

  private static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
