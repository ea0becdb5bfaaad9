package org.etalon.training.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One plot as a stand-alone SVG that brings its own style: for notebooks, where there is no page
 * around it. It has a white ground, so that it is read on dark pages too.
 */
public final class Plot {
  private static final int HEAD = 58;
  private static final int FOOT = 16;
  private static final int CELLS = 300;
  private static final int LABELS = 64;
  // Every rule begins with the class of the plot: shown inside a page, it must not restyle it.
  private static final String STYLE =
      """
      <style>
      .etalon-plot text{font:11px system-ui,"Segoe UI",sans-serif;fill:#5d666f}
      .etalon-plot text.title{font-size:13px;font-weight:600;fill:#1c2126}
      .etalon-plot .end{text-anchor:end}.etalon-plot .mid{text-anchor:middle}
      .etalon-plot .grid{stroke:#dfe2e4;fill:none}
      .etalon-plot .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
      .etalon-plot .raw{fill:none;stroke:currentColor;opacity:.35}
      .etalon-plot .dot,.etalon-plot .key{fill:currentColor}
      .etalon-plot .cell{fill:#2563b8}
      .etalon-plot .c1{color:#2563b8}.etalon-plot .c2{color:#d9622b}
      .etalon-plot .c3{color:#1f8a70}.etalon-plot .c4{color:#8a5fb8}
      </style>
      """;

  private Plot() {}

  /**
   * Lines with title, note, legend and the name of the x axis.
   *
   * @param figure at least one curve with a point
   * @return an {@code svg} element
   * @throws IllegalArgumentException if there is nothing to draw
   */
  public static String lines(CurvePage.Figure figure) {
    LineChart chart = CurvePage.lineChart(figure);
    String drawing = chart.drawing();
    if (drawing.isEmpty()) {
      throw new IllegalArgumentException(
          "plot \"" + figure.title() + "\" has no finite point; give it a curve with values");
    }
    String body =
        legend(chart.lines())
            + "<g transform=\"translate(0,%d)\">\n%s</g>\n".formatted(HEAD, drawing)
            + text("mid", LineChart.WIDTH / 2.0, HEAD + LineChart.HEIGHT + 8, figure.axis());
    return svg(
        LineChart.WIDTH, HEAD + LineChart.HEIGHT + FOOT, figure.title(), figure.note(), body);
  }

  /**
   * A matrix as cells, the darker the larger; the largest value is the darkest.
   *
   * @param title what is shown
   * @param note a few words under the title, may be empty
   * @param rows a label for each row
   * @param columns a label for each column
   * @param values not negative, [rows, columns]
   * @return an {@code svg} element
   * @throws IllegalArgumentException if labels and values do not match, or a value is negative
   */
  public static String matrix(
      String title, String note, List<String> rows, List<String> columns, double[][] values) {
    requireFit(rows, columns, values);
    double most = Arrays.stream(values).flatMapToDouble(Arrays::stream).max().orElse(0);
    double side = (double) CELLS / Math.max(rows.size(), columns.size());
    int top = HEAD - 12;
    var body = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      double y = top + r * side;
      body.append(text("end", LABELS - 6, y + side / 2 + 4, rows.get(r)));
      for (int c = 0; c < columns.size(); c++) {
        body.append(cell(LABELS + c * side, y, side, values[r][c], most));
      }
    }
    double bottom = top + rows.size() * side;
    for (int c = 0; c < columns.size(); c++) {
      body.append(text("mid", LABELS + (c + 0.5) * side, bottom + 14, columns.get(c)));
    }
    int width = Math.max(LineChart.WIDTH, (int) (LABELS + columns.size() * side + 10));
    return svg(width, (int) bottom + FOOT + 6, title, note, body.toString());
  }

  private static void requireFit(List<String> rows, List<String> columns, double[][] values) {
    boolean fits =
        !rows.isEmpty()
            && !columns.isEmpty()
            && values.length == rows.size()
            && Arrays.stream(values).allMatch(row -> row.length == columns.size());
    if (!fits) {
      throw new IllegalArgumentException(
          "a matrix plot needs a label for each of its rows and columns, got %d and %d labels for %d rows"
              .formatted(rows.size(), columns.size(), values.length));
    }
    if (!Arrays.stream(values).flatMapToDouble(Arrays::stream).allMatch(v -> v >= 0)) {
      throw new IllegalArgumentException("a matrix plot shows values of 0 or more; shift them");
    }
  }

  private static String cell(double x, double y, double side, double value, double most) {
    return String.format(
        Locale.ROOT,
        "<rect class=\"cell\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" opacity=\"%.2f\">"
            + "<title>%s</title></rect>\n",
        Html.px(x),
        Html.px(y),
        Html.px(side - 1),
        Html.px(side - 1),
        most > 0 ? Math.max(0.04, value / most) : 0.04,
        Html.number(value));
  }

  /** Names of several lines, each behind its colour. */
  private static String legend(List<Line> lines) {
    var legend = new StringBuilder();
    double x = 14;
    for (Line line : lines.size() > 1 ? lines : List.<Line>of()) {
      legend.append(
          "<rect class=\"key %s\" x=\"%s\" y=\"46\" width=\"14\" height=\"3\"/>\n"
              .formatted(line.color(), Html.px(x)));
      legend.append(text("begin", x + 18, 51, line.name()));
      x += 34 + 6.2 * line.name().length();
    }
    return legend.toString();
  }

  private static String text(String kind, double x, double y, String words) {
    return "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n"
        .formatted(kind, Html.px(x), Html.px(y), Html.escape(words));
  }

  private static String svg(int width, int height, String title, String note, String body) {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" class="etalon-plot" width="%d" height="%d" \
        viewBox="0 0 %d %d" role="img" aria-label="%s">
        %s<rect width="%d" height="%d" fill="#fff"/>
        %s%s%s</svg>
        """
        .formatted(
            width * 3 / 2,
            height * 3 / 2,
            width,
            height,
            Html.escape(title),
            STYLE,
            width,
            height,
            text("title", 14, 20, title),
            text("begin", 14, 36, note),
            body);
  }
}
