package org.etalon.training.report;

import java.util.List;
import java.util.Locale;
import org.etalon.training.metrics.MetricsLog;

/** Charts of logged metrics, and rows of charts. */
final class Charts {
  private Charts() {}

  /** Charts in pairs, on a phone one below the other. */
  static String row(String... figures) {
    return "<div class=\"charts\">\n" + String.join("", figures) + "</div>\n";
  }

  /** One metric over the steps; empty where no row has it. */
  static String metric(
      List<MetricsLog.Row> rows,
      String metric,
      String title,
      String note,
      boolean share,
      List<LineChart.Mark> marks) {
    return new LineChart(
            title,
            note,
            share ? LineChart.Unit.PERCENT : LineChart.Unit.NUMBER,
            List.of(line(rows, metric, title, "c1")),
            marks)
        .figure();
  }

  /** The rows that have the metric, as a line. */
  static Line line(List<MetricsLog.Row> rows, String metric, String name, String color) {
    List<Line.Point> points =
        rows.stream()
            .filter(row -> row.number(metric).isPresent())
            .map(row -> new Line.Point(row.step(), row.number(metric).orElseThrow()))
            .toList();
    return new Line(name, color, points);
  }

  /** A duration in words. */
  static String duration(double seconds) {
    long s = Math.round(seconds);
    if (s < 120) {
      return s + " s";
    }
    return s < 7200
        ? String.format(Locale.ROOT, "%d min", Math.round(s / 60.0))
        : String.format(Locale.ROOT, "%.1f h", s / 3600.0);
  }
}
