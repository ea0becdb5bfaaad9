package org.etalon.training.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.etalon.training.report.BenchmarkResult;
import org.etalon.training.statistics.Bootstrap;
import org.etalon.training.statistics.Consensus;
import org.etalon.training.statistics.Interval;
import org.etalon.training.statistics.PassAtK;

/**
 * Scores of a benchmark's samples: avg@n, Pass@K and cons@k for K = 1, 2, 4 … n, lengths.
 *
 * <p>Paper: P1 §4.1, means over samples of binary rewards. Our choice: responses that could not be
 * decided do not count, and where fewer than K of a problem's are left its score is that of as many
 * as there are; a problem of which none is left does not count. Prompts too long for the model
 * count as wrong, with 0 tokens.
 */
final class BenchmarkScores {
  private final List<Kind> kinds = new ArrayList<>();
  private final List<List<Sample.Outcome>> groups = new ArrayList<>();
  private final Bootstrap bootstrap;
  private int undecided;
  private int undecidedProblems;
  private int tooLong;

  /**
   * @param problems in the order of their samples
   * @param samples of each problem
   */
  BenchmarkScores(List<Problem> problems, List<List<Sample.Outcome>> samples, Bootstrap bootstrap) {
    this.bootstrap = bootstrap;
    for (int i = 0; i < problems.size(); i++) {
      List<Sample.Outcome> all = samples.get(i);
      List<Sample.Outcome> decided = all.stream().filter(Sample.Outcome::decided).toList();
      undecided += all.size() - decided.size();
      undecidedProblems += decided.isEmpty() ? 1 : 0;
      tooLong += all.get(0).tooLong() ? 1 : 0;
      if (!decided.isEmpty()) {
        kinds.add(problems.get(i).kind());
        groups.add(decided);
      }
    }
  }

  int undecided() {
    return undecided;
  }

  int undecidedProblems() {
    return undecidedProblems;
  }

  int promptsTooLong() {
    return tooLong;
  }

  /** Mean accuracy over samples. */
  Interval average() {
    return mean(group -> (double) right(group) / group.size());
  }

  /** Unbiased Pass@K of {@code n} samples a problem. */
  Map<Integer, Interval> passAtK(int n) {
    Map<Integer, Interval> scores = new TreeMap<>();
    for (int k : powers(n)) {
      scores.put(
          k,
          mean(group -> PassAtK.estimate(group.size(), right(group), Math.min(k, group.size()))));
    }
    return scores;
  }

  /**
   * Score of the most frequent answer of {@code n} samples a problem; empty if the answers of some
   * problem cannot be compared.
   */
  Map<Integer, Interval> consAtK(int n) {
    Map<Integer, Interval> scores = new TreeMap<>();
    if (!kinds.stream().allMatch(AnswerClasses::exist)) {
      return scores;
    }
    List<int[]> classes = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      classes.add(AnswerClasses.of(kinds.get(i), groups.get(i)));
    }
    for (int k : powers(n)) {
      double[] values = new double[groups.size()];
      for (int i = 0; i < values.length; i++) {
        boolean[] correct = correct(groups.get(i));
        values[i] =
            Consensus.of(
                classes.get(i), correct, Math.min(k, correct.length), bootstrap.seed() + i);
      }
      scores.put(k, bootstrap.mean(values));
    }
    return scores;
  }

  /** Lengths of the responses that were drawn. */
  BenchmarkResult.Tokens tokens() {
    var lengths = new DescriptiveStatistics();
    Map<String, DescriptiveStatistics> byVerdict = new TreeMap<>();
    groups.stream()
        .flatMap(List::stream)
        .filter(sample -> !sample.tooLong())
        .forEach(
            sample -> {
              lengths.addValue(sample.tokens());
              byVerdict
                  .computeIfAbsent(
                      sample.correct() ? "right" : "wrong", verdict -> new DescriptiveStatistics())
                  .addValue(sample.tokens());
            });
    Map<String, Double> means = new TreeMap<>();
    byVerdict.forEach((verdict, own) -> means.put(verdict, own.getMean()));
    if (lengths.getN() == 0) {
      return new BenchmarkResult.Tokens(new Interval(0, 0, 0), 0, 0, means);
    }
    double[] mean =
        groups.stream()
            .filter(group -> !group.get(0).tooLong())
            .mapToDouble(g -> g.stream().mapToInt(Sample.Outcome::tokens).average().orElse(0))
            .toArray();
    return new BenchmarkResult.Tokens(
        bootstrap.mean(mean), lengths.getPercentile(50), lengths.getPercentile(95), means);
  }

  /** Share of truncated responses. */
  Interval truncated() {
    return mean(
        group -> (double) group.stream().filter(Sample.Outcome::truncated).count() / group.size());
  }

  /** 1, 2, 4 … below n, and n. */
  static List<Integer> powers(int n) {
    List<Integer> powers = new ArrayList<>();
    for (int k = 1; k < n; k *= 2) {
      powers.add(k);
    }
    powers.add(n);
    return powers;
  }

  private Interval mean(ToDoubleFunction<List<Sample.Outcome>> score) {
    return bootstrap.mean(groups.stream().mapToDouble(score).toArray());
  }

  private static int right(List<Sample.Outcome> group) {
    return (int) group.stream().filter(Sample.Outcome::correct).count();
  }

  private static boolean[] correct(List<Sample.Outcome> group) {
    boolean[] correct = new boolean[group.size()];
    for (int i = 0; i < correct.length; i++) {
      correct[i] = group.get(i).correct();
    }
    return correct;
  }
}
