package org.etalon.training.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.training.report.CurvePage;
import picocli.CommandLine.Option;

/** How far a series of sizes goes, and where its plots go. */
final class SweepOptions {
  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "Longest round of a series. Default: ${DEFAULT-VALUE}.")
  private double timeLimit = 120;

  @Option(names = "--html", paramLabel = "FILE", description = "Plots of a series, as one page.")
  private Path html;

  /**
   * Refuses sizes that do not rise: a prediction starts from the smallest one.
   *
   * @param option named in the error
   */
  static List<Integer> rising(String option, List<Integer> sizes) {
    for (int i = 0; i < sizes.size(); i++) {
      if (sizes.get(i) < 1 || (i > 0 && sizes.get(i) <= sizes.get(i - 1))) {
        throw new DataException(
            option + ": expected rising numbers from 1 on, got " + sizes + "; sort them");
      }
    }
    return sizes;
  }

  /** Measures, prints, and writes the record and the plots where they are wanted. */
  void run(Measurement measurement, String axis, List<Sweep.Point> plan) {
    List<Sweep.Measured> points = measurement.sweep(plan, timeLimit);
    if (html != null) {
      String title = "etalon bench " + measurement.name();
      String lead = measurement.options().facts().toString();
      byte[] page = CurvePage.html(title, lead, figures(axis, points)).getBytes(UTF_8);
      AtomicFile.write(html, out -> out.write(page));
    }
  }

  private static List<CurvePage.Figure> figures(String axis, List<Sweep.Measured> points) {
    Map<String, List<Sweep.Measured>> series = new LinkedHashMap<>();
    points.forEach(
        point -> series.computeIfAbsent(point.point().series(), s -> new ArrayList<>()).add(point));
    List<CurvePage.Figure> figures = new ArrayList<>();
    series.forEach(
        (label, measured) -> {
          figures.add(
              new CurvePage.Figure(
                  label + ": seconds a round",
                  "predicted: as the work grows, from a first point",
                  axis,
                  List.of(
                      curve("measured", measured, Sweep.Measured::seconds),
                      curve("predicted", measured, Sweep.Measured::predictedSeconds))));
          List<Sweep.Measured> later =
              measured.subList(Math.min(2, measured.size()), measured.size());
          figures.add(
              new CurvePage.Figure(
                  label + ": peak memory, GB",
                  "predicted: the line through the first two points",
                  axis,
                  List.of(
                      curve("measured", measured, point -> point.peak() / 1e9),
                      curve("predicted", later, point -> point.predictedBytes() / 1e9))));
        });
    return figures;
  }

  private static CurvePage.Curve curve(
      String name, List<Sweep.Measured> points, ToDoubleFunction<Sweep.Measured> y) {
    return new CurvePage.Curve(
        name,
        points.stream().map(point -> point.point().x()).toList(),
        points.stream().map(y::applyAsDouble).toList());
  }
}
