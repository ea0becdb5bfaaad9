package org.etalon.training.report;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One line of a chart.
 *
 * @param name in the legend; empty for none
 * @param color class of the style sheet, {@code c1} to {@code c4}
 * @param points in the order of x
 */
record Line(String name, String color, List<Point> points) {
  private static final int MOST_POINTS = 300;

  Line {
    points = ImmutableList.copyOf(points);
  }

  /**
   * One point, with the interval that a band shows.
   *
   * @param x step
   * @param y value, NaN for a gap
   * @param low lower end of the interval, or {@code y}
   * @param high upper end, or {@code y}
   */
  record Point(double x, double y, double low, double high) {
    Point(double x, double y) {
      this(x, y, y, y);
    }
  }

  /** Whether any point has an interval. */
  boolean hasBand() {
    return points.stream().anyMatch(p -> p.low() < p.high());
  }

  /**
   * Whether the line goes up and down so much that its moving average says more: over many points
   * it travels several times its range.
   */
  boolean isNoisy() {
    double[] ys = points.stream().mapToDouble(Point::y).filter(Double::isFinite).toArray();
    if (ys.length <= 40) {
      return false;
    }
    double way = 0;
    for (int i = 1; i < ys.length; i++) {
      way += Math.abs(ys[i] - ys[i - 1]);
    }
    double range = Arrays.stream(ys).max().orElse(0) - Arrays.stream(ys).min().orElse(0);
    return way > 3 * range;
  }

  /** A line of few enough points to draw: neighbours are replaced by their mean. */
  Line thinned() {
    int group = (points.size() + MOST_POINTS - 1) / MOST_POINTS;
    if (group <= 1) {
      return this;
    }
    var few = new ArrayList<Point>();
    for (int i = 0; i < points.size(); i += group) {
      List<Point> part = points.subList(i, Math.min(points.size(), i + group));
      double x = part.stream().mapToDouble(Point::x).average().orElseThrow();
      few.add(new Point(x, mean(part)));
    }
    return new Line(name, color, few);
  }

  /** The centred moving average over {@code window} points. */
  Line smoothed(int window) {
    var smooth = new ArrayList<Point>();
    for (int i = 0; i < points.size(); i++) {
      int from = Math.max(0, i - window / 2);
      int to = Math.min(points.size(), i + window / 2 + 1);
      smooth.add(new Point(points.get(i).x(), mean(points.subList(from, to))));
    }
    return new Line(name, color, smooth);
  }

  private static double mean(List<Point> points) {
    return points.stream()
        .mapToDouble(Point::y)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }
}
