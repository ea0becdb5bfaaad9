package org.etalon.training.report;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the groups' accuracy spreads over the steps: a column per step, a row per number of correct
 * rollouts, the darker the more groups.
 *
 * @param steps of the columns, in order
 * @param counts per column the groups with 0, 1, … G correct rollouts; all of one length
 */
record HeatMap(List<Double> steps, List<double[]> counts) {
  private static final int WIDTH = 840;
  private static final int HEIGHT = 220;
  private static final int LEFT = 64;
  private static final int BOTTOM = 30;
  private static final int TOP = 4;
  private static final int MOST_COLUMNS = 120;

  HeatMap {
    steps = ImmutableList.copyOf(steps);
    counts = ImmutableList.copyOf(counts);
  }

  String figure() {
    int rows = counts.get(0).length;
    int perColumn = (counts.size() + MOST_COLUMNS - 1) / MOST_COLUMNS;
    int columns = (counts.size() + perColumn - 1) / perColumn;
    double width = (double) (WIDTH - LEFT) / columns;
    double height = (double) (HEIGHT - TOP - BOTTOM) / rows;
    double[][] shares = new double[columns][];
    for (int c = 0; c < columns; c++) {
      int from = c * perColumn;
      shares[c] = shares(counts.subList(from, Math.min(counts.size(), from + perColumn)), rows);
    }
    double most = Arrays.stream(shares).flatMapToDouble(Arrays::stream).max().orElse(1);
    var svg = new StringBuilder();
    for (int c = 0; c < columns; c++) {
      String x = Html.px(LEFT + c * width);
      for (int r = 0; r < rows; r++) {
        if (shares[c][r] > 0) {
          svg.append(
              String.format(
                  Locale.ROOT,
                  "<rect class=\"cell\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\""
                      + " opacity=\"%.2f\"/>\n",
                  x,
                  Html.px(TOP + (rows - 1 - r) * height),
                  Html.px(width + 0.1),
                  Html.px(height + 0.1),
                  Math.max(0.05, shares[c][r] / most)));
        }
      }
    }
    labels(svg, rows, height);
    String note = "share of groups, darkest %s".formatted(Html.percent(most));
    return """
        <figure class="wide">
        <figcaption><b>Correct rollouts per group</b><span class="note">%s</span></figcaption>
        <svg viewBox="0 0 %d %d" role="img" aria-label="Correct rollouts per group by step">
        %s</svg>
        </figure>
        """
        .formatted(note, WIDTH, HEIGHT, svg);
  }

  private void labels(StringBuilder svg, int rows, double height) {
    int every = Math.max(1, (rows - 1) / 4);
    for (int r = 0; r < rows; r += every) {
      double y = TOP + (rows - 0.5 - r) * height + 4;
      svg.append(
          "<text class=\"tick end\" x=\"%d\" y=\"%s\">%d/%d</text>\n"
              .formatted(LEFT - 6, Html.px(y), r, rows - 1));
    }
    Axis axis = Axis.exactly(steps.get(0), steps.get(steps.size() - 1), 8);
    for (double tick : axis.ticks()) {
      double x = LEFT + axis.position(tick) * (WIDTH - LEFT);
      String anchor = x > WIDTH - 30 ? "end" : x < LEFT + 10 ? "begin" : "mid";
      svg.append(
          "<text class=\"tick %s\" x=\"%s\" y=\"%d\">%s</text>\n"
              .formatted(anchor, Html.px(x), HEIGHT - 8, Html.number(tick)));
    }
  }

  private static double[] shares(List<double[]> part, int rows) {
    double[] sum = new double[rows];
    for (double[] column : part) {
      for (int r = 0; r < rows; r++) {
        sum[r] += column[r];
      }
    }
    double total = Arrays.stream(sum).sum();
    return Arrays.stream(sum).map(x -> total > 0 ? x / total : 0).toArray();
  }
}
