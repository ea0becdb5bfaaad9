package org.etalon.data.benchmark;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.grade.OptionPrompt;
import org.etalon.data.grade.Options;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.etalon.data.source.Layout;
import org.etalon.data.source.Layouts;
import org.etalon.data.source.ProblemSource;

/**
 * A user's file of a benchmark, as it will be asked: in the benchmark's words, options shuffled.
 *
 * @param problems with the prompts that the model sees
 * @param warnings what a person should know of the file, each a sentence; usually none
 */
public record BenchmarkFile(List<Problem> problems, List<String> warnings) {
  public BenchmarkFile {
    problems = ImmutableList.copyOf(problems);
    warnings = ImmutableList.copyOf(warnings);
  }

  /**
   * Reads a file of any known layout: JSON lines, JSON, CSV, Parquet.
   *
   * @param seed of the order of options
   * @throws DataException if the file cannot be used, two problems share an id, or a problem's kind
   *     is not the benchmark's
   */
  public static BenchmarkFile read(Benchmark benchmark, Path file, long seed) {
    boolean own = Benchmarks.named(benchmark.name()).isEmpty();
    ImmutableList.Builder<Problem> problems = ImmutableList.builder();
    Map<String, String> places = new HashMap<>();
    long without;
    try (ProblemSource source = ProblemSource.open(file, layout(benchmark, seed))) {
      for (Problem read = source.next(); read != null; read = source.next()) {
        String first = places.putIfAbsent(read.id(), source.place());
        if (first != null) {
          throw new DataException(
              "%s: expected an id of its own, got \"%s\" which %s has already; rename one of them"
                  .formatted(source.place(), read.id(), first));
        }
        try {
          problems.add(asked(benchmark, own ? read : ofKind(benchmark, read), seed));
        } catch (DataException e) {
          throw new DataException(source.place() + ": " + e.getMessage(), e);
        }
      }
      without = source.withoutAnswer();
    }
    List<Problem> all = problems.build();
    if (all.isEmpty()) {
      throw new DataException(file + ": expected at least one problem with an answer, got none");
    }
    return new BenchmarkFile(all, warnings(benchmark, file, all.size(), without));
  }

  /**
   * The questions of a file without what is asked besides, for decontamination: an instruction
   * would be a run of words that training and evaluation problems share. Ids start with the
   * benchmark's name.
   *
   * @throws DataException as {@link #read}
   */
  public static List<Problem> questions(Benchmark benchmark, Path file, long seed) {
    return read(benchmark.withWording(Wording.NONE), file, seed).problems().stream()
        .map(
            p ->
                new Problem(
                    benchmark.name() + "/" + p.id(),
                    p.subdomain(),
                    benchmark.wording().without(p.prompt()),
                    p.answer(),
                    List.of(),
                    p.kind()))
        .toList();
  }

  private static Layout layout(Benchmark benchmark, long seed) {
    return benchmark.kind() == Kind.CODE
        ? LiveCodeBenchMonths.of(benchmark.name(), seed)
        : Layouts.auto(seed);
  }

  private static List<String> warnings(Benchmark benchmark, Path file, int count, long without) {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    if (benchmark.problems() > 0 && count != benchmark.problems()) {
      warnings.add(
          "%s holds %d problems, %s has %d: scores are not comparable with others' of %s"
              .formatted(file, count, benchmark.title(), benchmark.problems(), benchmark.title()));
    }
    if (without > 0) {
      warnings.add(
          "%s: %d rows have no answer to check, or another date, and are not asked"
              .formatted(file, without));
    }
    Benchmarks.nearest(benchmark.name())
        .ifPresent(
            near ->
                warnings.add(
                    "%s is taken as a benchmark of your own, asked as the file has it; did you mean %s?"
                        .formatted(benchmark.name(), near)));
    return warnings.build();
  }

  /** Files of options or programs often do not say their kind; one that says another is refused. */
  private static Problem ofKind(Benchmark benchmark, Problem problem) {
    if (problem.kind() == benchmark.kind()) {
      return problem;
    }
    if (problem.kind() != Kind.MATH) {
      throw new DataException(
          "expected a problem of kind %s for %s, got %s; name the file's own benchmark"
              .formatted(benchmark.kind().label(), benchmark.name(), problem.kind().label()));
    }
    return new Problem(
        problem.id(),
        problem.subdomain(),
        problem.prompt(),
        problem.answer(),
        problem.traces(),
        benchmark.kind());
  }

  private static Problem asked(Benchmark benchmark, Problem problem, long seed) {
    Problem ready = benchmark.wording() == Wording.CHOICE ? shuffled(problem, seed) : problem;
    return with(ready, benchmark.wording().asked(ready.prompt()), ready.answer());
  }

  /** Options in another order, each as the released evaluation files have it: {@code A. 10 eV}. */
  private static Problem shuffled(Problem problem, long seed) {
    OptionPrompt read = Options.inPrompt(problem.prompt());
    ImmutableList.Builder<String> labels = ImmutableList.builder();
    for (int i = 0; i < read.labels().size(); i++) {
      labels.add((char) ('A' + i) + ". ");
    }
    var shown =
        new OptionPrompt(read.prefix(), labels.build(), read.texts(), read.gaps(), read.suffix());
    String gold = problem.answer().replaceAll("[().\\s]", "");
    OptionPrompt.Shuffled order =
        shown.shuffled(gold.length() == 1 ? gold.charAt(0) : '?', problem.id(), seed);
    return with(problem, order.prompt(), String.valueOf(order.gold()));
  }

  private static Problem with(Problem problem, String prompt, String answer) {
    return new Problem(
        problem.id(), problem.subdomain(), prompt, answer, problem.traces(), problem.kind());
  }
}
