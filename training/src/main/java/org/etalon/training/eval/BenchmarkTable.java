package org.etalon.training.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.etalon.data.benchmark.Benchmark;
import org.etalon.data.benchmark.Benchmarks;
import org.etalon.data.benchmark.PaperTables;
import org.etalon.training.report.BenchmarkResult;
import org.etalon.training.statistics.Interval;

/**
 * Results as plain text: every figure with its interval, then, where a benchmark of the paper is
 * among them, the models' means in the shape of its Tables 2 to 4, with its rows below.
 */
final class BenchmarkTable {
  private static final String NONE = "–";

  private BenchmarkTable() {}

  /** Both tables, and what keeps the means from being comparable. */
  static String of(List<BenchmarkResult> results) {
    String comparison = BenchmarkResult.anyOfPaper(results) ? "\n" + comparison(results) : "";
    return figures(results) + comparison + notes(results);
  }

  private static String figures(List<BenchmarkResult> results) {
    double confidence = 100 * results.get(0).confidence();
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "model",
            "benchmark",
            "problems",
            "avg@n (%.0f %%)".formatted(confidence),
            "pass@n (%.0f %%)".formatted(confidence),
            "cons@n (%.0f %%)".formatted(confidence),
            "n",
            "tokens",
            "median",
            "p95",
            "truncated"));
    for (BenchmarkResult r : results) {
      int n = r.sampling().samples();
      rows.add(
          List.of(
              r.model(),
              r.title(),
              Integer.toString(r.problems()),
              interval(r.average()),
              interval(r.passAtK().get(n)),
              r.consAtK().containsKey(n) ? interval(r.consAtK().get(n)) : NONE,
              Integer.toString(n),
              number(r.tokens().mean().value()),
              number(r.tokens().median()),
              number(r.tokens().p95()),
              number(100 * r.truncated().value()) + " %"));
    }
    return aligned(rows, 2);
  }

  private static String comparison(List<BenchmarkResult> results) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("model", "parameters"));
    Benchmarks.all().forEach(benchmark -> head.add(benchmark.title()));
    rows.add(head);
    BenchmarkResult.rows(results).forEach(own -> rows.add(row(own)));
    for (PaperTables.Table table : PaperTables.all()) {
      rows.add(
          List.of("arXiv 2511.06221, table %d: %s".formatted(table.number(), table.caption())));
      table.rows().forEach(r -> rows.add(row(r)));
    }
    return aligned(rows, 1);
  }

  private static List<String> row(PaperTables.Row paper) {
    List<String> row = new ArrayList<>();
    row.add(paper.model());
    row.add(paper.parameters().isEmpty() ? NONE : paper.parameters());
    for (Benchmark benchmark : Benchmarks.all()) {
      Double score = paper.scores().get(benchmark.name());
      row.add(score == null ? NONE : number(score));
    }
    return row;
  }

  /** Where the sampling or the problems are not the paper's, or something does not count. */
  private static String notes(List<BenchmarkResult> results) {
    StringBuilder notes = new StringBuilder();
    for (BenchmarkResult r : results) {
      List<String> differences = new ArrayList<>();
      Benchmarks.named(r.benchmark()).ifPresent(paper -> differences.addAll(differences(r, paper)));
      count(differences, r.promptsTooLong(), "prompts do not fit the window and count as wrong");
      count(differences, r.promptsCramped(), "prompts leave less room than the longest response");
      count(differences, r.undecided(), "responses could not be graded and do not count");
      count(differences, r.undecidedProblems(), "problems could not be graded and do not count");
      if (!differences.isEmpty()) {
        notes.append(
            "%s, %s: %s%n".formatted(r.model(), r.title(), String.join("; ", differences)));
      }
    }
    return notes.length() == 0 ? "" : "\nNot as in the paper\n" + notes;
  }

  private static List<String> differences(BenchmarkResult r, Benchmark paper) {
    List<String> differences = new ArrayList<>();
    BenchmarkResult.Sampling s = r.sampling();
    differ(differences, "samples", s.samples(), paper.samples());
    differ(differences, "temperature", s.temperature(), paper.temperature());
    differ(differences, "top_p", s.topP(), paper.topP());
    differ(differences, "new tokens", s.maxNewTokens(), paper.maxNewTokens());
    differ(differences, "problems", r.problems(), paper.problems());
    return differences;
  }

  private static void differ(List<String> into, String what, double here, double paper) {
    if (here != paper) {
      into.add("%s %s instead of %s".formatted(what, plain(here), plain(paper)));
    }
  }

  private static void count(List<String> into, int count, String what) {
    if (count > 0) {
      into.add(count + " " + what);
    }
  }

  private static String plain(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : Double.toString(value);
  }

  /** Columns padded to their widest cell, the first ones to the left; a lone cell is a heading. */
  private static String aligned(List<List<String>> rows, int left) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; row.size() == columns && c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        String pad = " ".repeat(Math.max(0, widths[c] - row.get(c).length()));
        line.append(c == 0 ? "" : "  ").append(c < left ? row.get(c) + pad : pad + row.get(c));
      }
      text.append(row.size() == 1 ? "\n" : "").append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String interval(Interval i) {
    return String.format(
        Locale.ROOT, "%.1f [%.1f, %.1f]", 100 * i.value(), 100 * i.low(), 100 * i.high());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
