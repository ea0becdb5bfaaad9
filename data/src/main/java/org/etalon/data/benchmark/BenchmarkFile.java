package org.etalon.data.benchmark;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.etalon.data.source.Layouts;
import org.etalon.data.source.ProblemSource;

/**
 * A user's file of a benchmark, as it will be asked: in the benchmark's words, options shuffled.
 *
 * @param problems with the prompts that the model sees
 * @param warnings what a person should know of the file, each a sentence; usually none
 */
public record BenchmarkFile(List<Problem> problems, List<String> warnings) {
  private static final String INSTRUCTION = Wording.CHOICE.asked("").strip();

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
    try (ProblemSource source = ProblemSource.open(file, Layouts.auto(seed))) {
      for (Problem read = source.next(); read != null; read = source.next()) {
        String first = places.putIfAbsent(read.id(), source.place());
        if (first != null) {
          throw new DataException(
              "%s: expected an id of its own, got \"%s\" which %s has already; rename one of them"
                  .formatted(source.place(), read.id(), first));
        }
        Problem problem = own ? read : ofKind(benchmark, read, source.place());
        problems.add(asked(benchmark, problem, seed));
      }
      without = source.withoutAnswer();
    }
    List<Problem> all = problems.build();
    if (all.isEmpty()) {
      throw new DataException(file + ": expected at least one problem with an answer, got none");
    }
    return new BenchmarkFile(all, warnings(benchmark, file, all.size(), without));
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
          "%s: %d rows have no answer to check and are not asked".formatted(file, without));
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
  private static Problem ofKind(Benchmark benchmark, Problem problem, String place) {
    if (problem.kind() == benchmark.kind()) {
      return problem;
    }
    if (problem.kind() != Kind.MATH) {
      throw new DataException(
          "%s: expected a problem of kind %s for %s, got %s; name the file's own benchmark"
              .formatted(
                  place, benchmark.kind().label(), benchmark.name(), problem.kind().label()));
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
    Problem ready = problem;
    if (benchmark.wording() == Wording.CHOICE) {
      Problem bare = withPrompt(problem, withoutInstruction(problem.prompt()));
      Optional<OptionPrompt> options = OptionPrompt.read(bare.prompt());
      ready = options.map(found -> found.shuffled(bare, seed)).orElse(bare);
    }
    return withPrompt(ready, benchmark.wording().asked(ready.prompt()));
  }

  private static String withoutInstruction(String prompt) {
    String text = prompt.strip();
    return text.endsWith(INSTRUCTION)
        ? text.substring(0, text.length() - INSTRUCTION.length()).strip()
        : text;
  }

  private static Problem withPrompt(Problem problem, String prompt) {
    return new Problem(
        problem.id(),
        problem.subdomain(),
        prompt,
        problem.answer(),
        problem.traces(),
        problem.kind());
  }
}
