package org.etalon.training.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableSortedMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.etalon.data.benchmark.Benchmarks;
import org.etalon.data.benchmark.PaperTables;
import org.etalon.training.statistics.Interval;

/**
 * {@code result.json} of one model on one benchmark. Shares are from 0 to 1; every interval is over
 * problems.
 *
 * @param benchmark name, e.g. {@code aime24}
 * @param title as tables show it
 * @param model as tables show it
 * @param parameters of the model
 * @param sampling how responses were drawn
 * @param problems asked, those with a prompt too long for the model included
 * @param confidence of the intervals
 * @param average mean accuracy over samples: avg@n, the paper's figure
 * @param passAtK unbiased Pass@K by K: 1, 2, 4 … n
 * @param consAtK score of the most frequent answer by K; empty where answers cannot be compared
 * @param tokens lengths of responses
 * @param truncated share of responses cut at the length limit, or at the end of the window
 * @param undecided responses that the grader could not decide; they do not count
 * @param undecidedProblems problems of which no response could be decided; they do not count
 * @param promptsTooLong problems whose prompt leaves no room in the model's window; they count as
 *     wrong
 * @param promptsCramped problems whose prompt leaves less room than the longest response
 */
public record BenchmarkResult(
    String benchmark,
    String title,
    String model,
    long parameters,
    Sampling sampling,
    int problems,
    double confidence,
    @JsonProperty("avg@n") Interval average,
    @JsonProperty("pass@k") Map<Integer, Interval> passAtK,
    @JsonProperty("cons@k") Map<Integer, Interval> consAtK,
    Tokens tokens,
    Interval truncated,
    int undecided,
    @JsonProperty("undecided_problems") int undecidedProblems,
    @JsonProperty("prompts_too_long") int promptsTooLong,
    @JsonProperty("prompts_cramped") int promptsCramped) {
  public BenchmarkResult {
    passAtK = ImmutableSortedMap.copyOf(passAtK);
    consAtK = ImmutableSortedMap.copyOf(consAtK);
  }

  /**
   * How responses were drawn.
   *
   * @param samples responses per problem
   * @param maxNewTokens longest response, tokens
   */
  public record Sampling(
      int samples,
      double temperature,
      @JsonProperty("top_p") double topP,
      @JsonProperty("max_new_tokens") int maxNewTokens,
      long seed) {}

  /**
   * Lengths of responses in tokens.
   *
   * @param mean over problems of the mean over samples
   * @param median over responses
   * @param p95 length that 95 % of the responses do not exceed
   * @param byVerdict mean over responses that are {@code right} and {@code wrong}; a verdict that
   *     no response has is missing
   */
  public record Tokens(
      Interval mean,
      double median,
      double p95,
      @JsonProperty("by_verdict") Map<String, Double> byVerdict) {
    public Tokens {
      byVerdict = ImmutableSortedMap.copyOf(byVerdict);
    }
  }

  /** Name of a run's folder of benchmarks within its evaluation. */
  public static final String FOLDER = "benchmarks";

  /**
   * All of a run's results, in {@code benchmarks.json} of the evaluation's folder.
   *
   * @param results by model, then benchmark
   */
  private record All(List<BenchmarkResult> results) {}

  /** Writes all of a run's results. */
  public static void writeAll(Path folder, List<BenchmarkResult> results) {
    ResultFile.write(folder.resolve(FOLDER + ".json"), new All(results));
  }

  /** Reads all of a run's results; none if it has no benchmarks. */
  public static List<BenchmarkResult> readAll(Path folder) {
    Path file = folder.resolve(FOLDER + ".json");
    return Files.exists(file) ? ResultFile.read(file, All.class).results() : List.of();
  }

  /** Whether one of the paper's benchmarks is among them. */
  public static boolean anyOfPaper(List<BenchmarkResult> results) {
    return results.stream().anyMatch(r -> Benchmarks.named(r.benchmark()).isPresent());
  }

  /** The models' means in percent, a row a model, in the form of the paper's tables. */
  public static List<PaperTables.Row> rows(List<BenchmarkResult> results) {
    Map<String, Map<String, Double>> scores = new LinkedHashMap<>();
    Map<String, String> sizes = new LinkedHashMap<>();
    for (BenchmarkResult r : results) {
      scores
          .computeIfAbsent(r.model(), model -> new LinkedHashMap<>())
          .put(r.benchmark(), 100 * r.average().value());
      boolean large = r.parameters() >= 100_000_000;
      sizes.put(
          r.model(),
          String.format(
              Locale.ROOT, large ? "%.2fB" : "%.1fM", r.parameters() / (large ? 1e9 : 1e6)));
    }
    return scores.entrySet().stream()
        .map(e -> new PaperTables.Row(e.getKey(), sizes.get(e.getKey()), e.getValue()))
        .toList();
  }

  /** Writes {@code result.json} into a folder. */
  public void write(Path folder) {
    ResultFile.write(folder.resolve(ResultFile.NAME), this);
  }

  /** Reads {@code result.json} of a folder. */
  public static BenchmarkResult read(Path folder) {
    return ResultFile.read(folder.resolve(ResultFile.NAME), BenchmarkResult.class);
  }
}
