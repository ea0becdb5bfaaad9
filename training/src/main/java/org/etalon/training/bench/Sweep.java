package org.etalon.training.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.etalon.training.run.ProcessMemory;
import org.etalon.training.run.Version;
import org.etalon.training.statistics.Spread;

/**
 * One benchmark at several sizes, in series of growing cost. Each point is predicted from the first
 * one of its series: what costs more takes its time at the rate of a first point, its own or that
 * of another series; memory grows on a straight line through the first two points. A series ends
 * before the point that would take too long or would not fit into memory.
 */
final class Sweep {
  /** Our choice: the rest of the machine keeps a tenth of what is free. */
  private static final double MOST_MEMORY = 0.9;

  private final Measurement measurement;
  private final double timeLimit;
  private final PrintWriter out;
  private final List<Measured> points = new ArrayList<>();
  private final Map<String, List<Measured>> series = new HashMap<>();

  /**
   * One size.
   *
   * @param series points of one series differ in {@code x} alone
   * @param x the size that grows
   * @param cost operations or bytes, whatever limits the speed
   * @param paced series at the rate of whose first point time grows, measured before or this one
   */
  record Point(
      String series, double x, double cost, String paced, Supplier<? extends Workload> open) {
    /** At the rate of its own series. */
    Point(String series, double x, double cost, Supplier<? extends Workload> open) {
      this(series, x, cost, series, open);
    }
  }

  /**
   * One size as measured.
   *
   * @param predictedSeconds time of a round by a first point
   * @param predictedBytes peak by the first two, 0 for these
   */
  record Measured(Point point, Result result, double predictedSeconds, double predictedBytes) {
    double seconds() {
      return result.spread(Round::seconds).median();
    }

    double tokensPerSecond() {
      return result.spread(Round::tokensPerSecond).median();
    }

    long peak() {
      return result.memory().bytes();
    }
  }

  /**
   * @param timeLimit longest round, seconds
   */
  Sweep(Measurement measurement, double timeLimit, PrintWriter out) {
    this.measurement = measurement;
    this.timeLimit = timeLimit;
    this.out = out;
  }

  /** Measures every point that time and memory allow. */
  List<Measured> run(List<Point> plan) {
    List<Ceilings> ceilings = new ArrayList<>();
    measurement.ceiling(ceilings);
    Map<String, String> ended = new HashMap<>();
    out.println(
        "series                     x   seconds (min to max)   predicted   tokens/s  peak GB");
    for (Point point : plan) {
      if (ended.containsKey(point.series)) {
        continue;
      }
      String reason = reasonToEnd(point);
      if (!reason.isEmpty()) {
        ended.put(point.series, reason);
        out.printf("%s ends before %.0f: %s%n", point.series, point.x, reason);
        out.flush();
        continue;
      }
      Result result = measurement.measure(point.open, ceilings, () -> {});
      List<Measured> before = series.computeIfAbsent(point.series, name -> new ArrayList<>());
      double seconds = result.spread(Round::seconds).median();
      double predicted = before.isEmpty() ? seconds : predictedSeconds(point);
      var measured = new Measured(point, result, predicted, predictedBytes(point));
      before.add(measured);
      points.add(measured);
      print(measured);
    }
    measurement.ceiling(ceilings);
    return List.copyOf(points);
  }

  private String reasonToEnd(Point point) {
    if (!series.containsKey(point.series)) {
      return "";
    }
    List<Measured> before = series.get(point.series);
    Measured last = before.get(before.size() - 1);
    double seconds = last.seconds() * point.cost / last.point.cost;
    if (seconds > timeLimit) {
      return String.format(
          Locale.ROOT, "a round would take %.0f s; raise --time-limit to measure it", seconds);
    }
    double bytes = predictedBytes(point);
    double free = ProcessMemory.available() + ProcessMemory.resident();
    if (free > 0 && bytes > MOST_MEMORY * free) {
      return String.format(
          Locale.ROOT, "it would take %.1f GB of %.1f GB free", bytes / 1e9, free / 1e9);
    }
    return "";
  }

  private double predictedSeconds(Point point) {
    Measured first = series.get(point.series).get(0);
    Measured pace = series.get(point.paced).get(0);
    return first.seconds() + (point.cost - first.point.cost) * pace.seconds() / pace.point.cost;
  }

  private double predictedBytes(Point point) {
    List<Measured> before = series.getOrDefault(point.series, List.of());
    if (before.size() < 2) {
      return 0;
    }
    Measured a = before.get(0);
    Measured b = before.get(1);
    double slope = (b.peak() - a.peak()) / (b.point.x - a.point.x);
    return a.peak() + slope * (point.x - a.point.x);
  }

  private void print(Measured measured) {
    Spread seconds = measured.result.spread(Round::seconds);
    out.printf(
        Locale.ROOT,
        "%-20s %7.0f %9.4f (%.4f to %.4f) %10.4f %10.1f %8.2f%n",
        measured.point.series,
        measured.point.x,
        seconds.median(),
        seconds.min(),
        seconds.max(),
        measured.predictedSeconds,
        measured.tokensPerSecond(),
        measured.peak() / 1e9);
    out.flush();
  }

  /** The whole record. */
  Map<String, Object> json(String name) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("benchmark", name);
    json.put("etalon", Version.current());
    json.put("machine", MachineFacts.collect());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Measured measured : points) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("series", measured.point.series);
      row.put("x", measured.point.x);
      row.put("predicted_seconds", measured.predictedSeconds);
      row.put("predicted_peak_bytes", measured.predictedBytes);
      row.putAll(measured.result.measured());
      rows.add(row);
    }
    json.put("points", rows);
    return json;
  }
}
