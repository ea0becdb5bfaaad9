package org.etalon.training.report;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.etalon.training.run.Version;

/** A page of line charts of anything by anything, in the look of the report. */
public final class CurvePage {
  private CurvePage() {}

  /**
   * One line.
   *
   * @param name in the legend
   * @param x rising
   * @param y as many values
   */
  public record Curve(String name, ImmutableList<Double> x, ImmutableList<Double> y) {
    public Curve {
      if (x.size() != y.size()) {
        throw new IllegalArgumentException(
            "a curve needs as many y as x, got " + y.size() + " and " + x.size());
      }
    }

    public Curve(String name, List<Double> x, List<Double> y) {
      this(name, ImmutableList.copyOf(x), ImmutableList.copyOf(y));
    }
  }

  /**
   * One chart.
   *
   * @param title what is shown
   * @param note a few words under the title
   * @param axis what the x axis counts
   * @param curves at most four
   */
  public record Figure(String title, String note, String axis, ImmutableList<Curve> curves) {
    public Figure(String title, String note, String axis, List<Curve> curves) {
      this(title, note, axis, ImmutableList.copyOf(curves));
    }
  }

  /**
   * One file without scripts or outside resources.
   *
   * @param lead what was measured, a sentence
   */
  public static String html(String title, String lead, List<Figure> figures) {
    var charts = new StringBuilder();
    for (Figure figure : figures) {
      charts.append(chart(figure));
    }
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <header>
        <h1>%s</h1>
        <p class="sub">%s</p>
        </header>
        %s<footer>Written by Etalon %s.</footer>
        </main>
        </body>
        </html>
        """
        .formatted(
            Html.escape(title),
            Report.css(),
            Html.escape(title),
            Html.escape(lead),
            Charts.row(charts.toString()),
            Html.escape(Version.current()));
  }

  private static String chart(Figure figure) {
    return lineChart(figure).figure();
  }

  /** A figure's chart. */
  static LineChart lineChart(Figure figure) {
    List<Line> lines = new ArrayList<>();
    for (Curve curve : figure.curves) {
      List<Line.Point> points = new ArrayList<>();
      for (int i = 0; i < curve.x.size(); i++) {
        points.add(new Line.Point(curve.x.get(i), curve.y.get(i)));
      }
      lines.add(new Line(curve.name, "c" + (lines.size() % 4 + 1), points));
    }
    return new LineChart(
        figure.title, figure.note, figure.axis, LineChart.Unit.NUMBER, lines, List.of());
  }
}
