package org.etalon.training.report;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;

/**
 * A small line chart as inline SVG, drawn for the width of a phone; wider screens show several side
 * by side.
 *
 * @param title what is shown
 * @param note a few words under the title, may be empty
 * @param axis what the x axis counts
 * @param unit how values are written
 * @param lines at least one with a point
 * @param marks vertical lines with a label
 */
record LineChart(
    String title, String note, String axis, Unit unit, List<Line> lines, List<Mark> marks) {
  static final int WIDTH = 400;
  static final int HEIGHT = 200;
  private static final int LEFT = 46;
  private static final int RIGHT = 10;
  private static final int TOP = 10;
  private static final int BOTTOM = 26;
  private static final int MOST_DOTS = 40;

  LineChart {
    lines = lines.stream().filter(l -> !l.points().isEmpty()).toList();
    marks = ImmutableList.copyOf(marks);
  }

  /** A chart by step. */
  LineChart(String title, String note, Unit unit, List<Line> lines, List<Mark> marks) {
    this(title, note, "step", unit, lines, marks);
  }

  /** How values are written. */
  enum Unit {
    /** As it is. */
    NUMBER,
    /** A share of one; the axis shows percent. */
    PERCENT;

    String text(double value) {
      return this == PERCENT ? Html.percent(value) : Html.number(value);
    }

    private String tick(double value) {
      return this == PERCENT
          ? Html.number(Math.round(value * 1e4) / 100.0) + "%"
          : Html.number(value);
    }
  }

  /**
   * A vertical line.
   *
   * @param x where
   * @param label short text at its upper end
   * @param strong whether it marks a choice rather than a boundary
   */
  record Mark(double x, String label, boolean strong) {}

  /** A figure with heading, legend and chart; empty where there is nothing to draw. */
  String figure() {
    String drawing = drawing();
    if (drawing.isEmpty()) {
      return "";
    }
    return """
        <figure>
        <figcaption><b>%s</b>%s<span class="note">%s</span></figcaption>
        <svg viewBox="0 0 %d %d" role="img" aria-label="%s">
        %s</svg>
        </figure>
        """
        .formatted(
            Html.escape(title),
            legend(),
            Html.escape(note),
            WIDTH,
            HEIGHT,
            Html.escape(title + " by " + axis),
            drawing);
  }

  /** The chart alone, as elements of an SVG; empty where there is nothing to draw. */
  String drawing() {
    Optional<Axis> x = xAxis();
    Optional<Axis> y = yAxis();
    if (x.isEmpty() || y.isEmpty()) {
      return "";
    }
    var svg = new StringBuilder();
    DoubleUnaryOperator toX = v -> LEFT + x.get().position(v) * (WIDTH - LEFT - RIGHT);
    DoubleUnaryOperator toY = v -> HEIGHT - BOTTOM - y.get().position(v) * (HEIGHT - TOP - BOTTOM);
    grid(svg, x.get(), y.get(), toX, toY);
    for (Mark mark : marks) {
      mark(svg, mark, toX.applyAsDouble(mark.x()));
    }
    for (Line line : lines) {
      draw(svg, line, toX, toY);
    }
    return svg.toString();
  }

  private Optional<Axis> xAxis() {
    double[] xs =
        lines.stream().flatMap(l -> l.points().stream()).mapToDouble(Line.Point::x).toArray();
    return xs.length == 0
        ? Optional.empty()
        : Optional.of(
            Axis.exactly(
                DoubleStream.of(xs).min().orElseThrow(),
                DoubleStream.of(xs).max().orElseThrow(),
                5));
  }

  private Optional<Axis> yAxis() {
    double[] ys =
        lines.stream()
            .flatMap(l -> l.points().stream())
            .flatMapToDouble(p -> DoubleStream.of(p.y(), p.low(), p.high()))
            .filter(Double::isFinite)
            .toArray();
    if (ys.length == 0) {
      return Optional.empty();
    }
    double low = DoubleStream.of(ys).min().orElseThrow();
    double high = DoubleStream.of(ys).max().orElseThrow();
    if (unit == Unit.PERCENT) {
      // Shares are compared between charts: all begin at 0 and end at a round value.
      return Optional.of(Axis.over(0, Math.max(high, 0.001), 4));
    }
    // Values near zero are shown from zero; others would lose their shape.
    boolean fromZero = low >= 0 && low < 0.6 * high;
    return Optional.of(Axis.over(fromZero ? 0 : low, high, 4));
  }

  private void grid(
      StringBuilder svg, Axis x, Axis y, DoubleUnaryOperator toX, DoubleUnaryOperator toY) {
    for (double tick : y.ticks()) {
      String at = Html.px(toY.applyAsDouble(tick));
      svg.append("<path class=\"grid\" d=\"M%d %sH%d\"/>".formatted(LEFT, at, WIDTH - RIGHT));
      svg.append(
          "<text class=\"tick end\" x=\"%d\" y=\"%s\" dy=\"4\">%s</text>\n"
              .formatted(LEFT - 6, at, unit.tick(tick)));
    }
    for (double tick : x.ticks()) {
      String at = Html.px(toX.applyAsDouble(tick));
      svg.append(
          "<text class=\"tick mid\" x=\"%s\" y=\"%d\">%s</text>\n"
              .formatted(at, HEIGHT - 8, Html.number(tick)));
    }
  }

  private static void mark(StringBuilder svg, Mark mark, double x) {
    String kind = mark.strong() ? "mark strong" : "mark";
    svg.append(
        "<path class=\"%s\" d=\"M%s %dV%d\"/>".formatted(kind, Html.px(x), TOP, HEIGHT - BOTTOM));
    boolean right = x > WIDTH * 0.6;
    svg.append(
        "<text class=\"%s %s\" x=\"%s\" y=\"%d\">%s</text>\n"
            .formatted(
                kind,
                right ? "end" : "begin",
                Html.px(right ? x - 4 : x + 4),
                TOP + 10,
                Html.escape(mark.label())));
  }

  private void draw(
      StringBuilder svg, Line line, DoubleUnaryOperator toX, DoubleUnaryOperator toY) {
    if (line.hasBand()) {
      svg.append(
          "<path class=\"band %s\" d=\"%s\"/>\n".formatted(line.color(), band(line, toX, toY)));
    }
    boolean noisy = line.isNoisy();
    Line raw = line.thinned();
    String kind = noisy ? "raw" : "line";
    svg.append(
        "<path class=\"%s %s\" d=\"%s\"/>\n".formatted(kind, line.color(), path(raw, toX, toY)));
    if (noisy) {
      Line smooth = line.smoothed(Math.max(5, line.points().size() / 20)).thinned();
      svg.append(
          "<path class=\"line %s\" d=\"%s\"/>\n".formatted(line.color(), path(smooth, toX, toY)));
      return;
    }
    for (Line.Point p : line.points()) {
      if (line.points().size() <= MOST_DOTS && Double.isFinite(p.y())) {
        svg.append(dot(line, p, toX, toY));
      }
    }
  }

  private String dot(Line line, Line.Point p, DoubleUnaryOperator toX, DoubleUnaryOperator toY) {
    boolean chosen = marks.stream().anyMatch(m -> m.strong() && m.x() == p.x());
    String interval =
        p.low() < p.high() ? " (" + unit.text(p.low()) + " to " + unit.text(p.high()) + ")" : "";
    return "<circle class=\"dot %s%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"><title>%s</title></circle>\n"
        .formatted(
            line.color(),
            chosen ? " chosen" : "",
            Html.px(toX.applyAsDouble(p.x())),
            Html.px(toY.applyAsDouble(p.y())),
            chosen ? "5" : "3",
            Html.escape(
                line.name()
                    + " at "
                    + axis
                    + " "
                    + Html.number(p.x())
                    + ": "
                    + unit.text(p.y())
                    + interval));
  }

  /** Moves where a gap ends, draws on otherwise. */
  private static String path(Line line, DoubleUnaryOperator toX, DoubleUnaryOperator toY) {
    var d = new StringBuilder();
    boolean pen = false;
    for (Line.Point p : line.points()) {
      boolean finite = Double.isFinite(p.y());
      if (finite) {
        d.append(pen ? 'L' : 'M').append(Html.px(toX.applyAsDouble(p.x())));
        d.append(' ').append(Html.px(toY.applyAsDouble(p.y())));
      }
      pen = finite;
    }
    return d.toString();
  }

  private static String band(Line line, DoubleUnaryOperator toX, DoubleUnaryOperator toY) {
    var d = new StringBuilder();
    List<Line.Point> points =
        line.points().stream().filter(p -> Double.isFinite(p.low() + p.high())).toList();
    for (Line.Point p : points) {
      d.append(d.isEmpty() ? 'M' : 'L').append(Html.px(toX.applyAsDouble(p.x())));
      d.append(' ').append(Html.px(toY.applyAsDouble(p.high())));
    }
    for (Line.Point p : com.google.common.collect.Lists.reverse(points)) {
      d.append('L').append(Html.px(toX.applyAsDouble(p.x())));
      d.append(' ').append(Html.px(toY.applyAsDouble(p.low())));
    }
    return d.append('Z').toString();
  }

  /** Names the lines where there are several; gives the last value of a single one. */
  private String legend() {
    if (lines.size() == 1) {
      List<Line.Point> points = lines.get(0).points();
      return "<span class=\"last\">" + unit.text(points.get(points.size() - 1).y()) + "</span>";
    }
    var legend = new StringBuilder("<span class=\"legend\">");
    for (Line line : lines) {
      legend.append("<i class=\"%s\"></i>%s ".formatted(line.color(), Html.escape(line.name())));
    }
    return legend.append("</span>").toString();
  }
}
