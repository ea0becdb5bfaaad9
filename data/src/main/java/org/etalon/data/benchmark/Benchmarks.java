package org.etalon.data.benchmark;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.NearestName;
import org.etalon.data.problem.Kind;

/**
 * The benchmarks of the paper's tables, as its evaluation runs them. Their problems are not
 * shipped: a benchmark is evaluated on the user's own file of it.
 *
 * <p>Paper: P1 §4.1: temperature 1.0 for mathematics and 0.6 for code, top-p 0.95, 40,960 new
 * tokens, means over 64 samples for mathematics, 8 for code, 16 for knowledge; binary rewards.
 * Where §4.1 is silent (GPQA's temperature, wordings) the released evaluation program decides.
 */
public final class Benchmarks {
  private static final int TOKENS = 40_960;
  private static final double TOP_P = 0.95;

  private static final ImmutableList<Benchmark> ALL =
      ImmutableList.of(
          math("aime24", "AIME24", 30, "AIME 2024 I and II"),
          math("aime25", "AIME25", 30, "AIME 2025 I and II"),
          math("hmmt25", "HMMT25", 30, "HMMT February 2025, as MathArena has it"),
          math("math500", "MATH-500", 500, "500 problems of MATH (Lightman et al. 2024)"),
          code("lcb-v5", "LCB v5", 279, "release_v5, contests from 2024-08 to 2025-02"),
          code("lcb-v6", "LCB v6", 131, "release_v6, contests from 2025-02 to 2025-05"),
          new Benchmark(
              "gpqa-diamond",
              "GPQA-D",
              Kind.OPTION,
              Wording.CHOICE,
              16,
              1.0,
              TOP_P,
              TOKENS,
              198,
              "GPQA Diamond (Rein et al. 2024)"));

  private Benchmarks() {}

  private static Benchmark math(String name, String title, int problems, String source) {
    return new Benchmark(
        name, title, Kind.MATH, Wording.BOX, 64, 1.0, TOP_P, TOKENS, problems, source);
  }

  private static Benchmark code(String name, String title, int problems, String source) {
    return new Benchmark(
        name,
        title,
        Kind.CODE,
        Wording.PROGRAM,
        8,
        0.6,
        TOP_P,
        TOKENS,
        problems,
        "LiveCodeBench " + source);
  }

  /** Every shipped benchmark, in the order of the paper's columns. */
  public static List<Benchmark> all() {
    return ALL;
  }

  /** The shipped benchmark of that name; empty if there is none. */
  public static Optional<Benchmark> named(String name) {
    return ALL.stream().filter(benchmark -> benchmark.name().equals(name)).findFirst();
  }

  /**
   * The shipped benchmark of that name, or else the user's own one: prompts as the file has them,
   * each problem graded by its own kind. Our choice: sampled as mathematics is, but 8 times.
   */
  public static Benchmark namedOrOwn(String name) {
    return named(name)
        .orElseGet(
            () ->
                new Benchmark(
                    name, name, Kind.MATH, Wording.NONE, 8, 1.0, TOP_P, TOKENS, 0, "own file"));
  }

  /** The shipped benchmark that a mistyped name probably meant; empty for a known one. */
  public static Optional<String> nearest(String name) {
    return named(name).isPresent()
        ? Optional.empty()
        : NearestName.of(name, ALL.stream().map(Benchmark::name).toList());
  }
}
