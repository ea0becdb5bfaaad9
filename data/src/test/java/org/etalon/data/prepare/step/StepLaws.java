package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.etalon.data.prepare.Step;
import org.etalon.data.problem.Problem;

/** What every step keeps to, and texts made to break it. */
final class StepLaws {
  static final int MEGABYTE = 1 << 20;

  private StepLaws() {}

  static Problem problem(String... traces) {
    return new Problem("p", "general", "What is 6 times 7?", "42", List.of(traces));
  }

  /** Texts that are none, or far too much. */
  static Stream<String> hostile() {
    return Stream.of(
        "x".repeat(MEGABYTE),
        "ab".repeat(MEGABYTE / 2),
        "1".repeat(MEGABYTE),
        "+-".repeat(MEGABYTE / 2),
        "x \\boxed{".repeat(MEGABYTE / 9),
        " ".repeat(MEGABYTE) + "x",
        "\n".repeat(MEGABYTE) + "x",
        "\u0000".repeat(1000),
        "a\u0000b",
        "\ud83d\ude00".repeat(MEGABYTE / 2),
        "\ud83d",
        "\u4e2d\u6587".repeat(1000),
        "e" + "\u0301".repeat(10_000),
        "<think>".repeat(100_000),
        "</think>",
        "\\",
        "$",
        ".");
  }

  /** Drops are noted, what is kept stays so, and the same comes out of a second run. */
  static void hold(Supplier<? extends Step> step, Problem problem) {
    Step.Result first = step.get().apply(problem);
    assertEquals(first, step.get().apply(problem), "two runs differ");
    if (first.kept().isEmpty()) {
      assertFalse(first.notes().isEmpty(), "dropped without a note");
      return;
    }
    Problem kept = first.kept().get();
    assertEquals(problem.id(), kept.id());
    assertTrue(
        kept.traces().size() == problem.traces().size() || droppedTraces(first) > 0,
        "a trace went without a note");
    assertEquals(
        problem.traces().size() - kept.traces().size(), droppedTraces(first), "traces lost");
    Step.Result again = step.get().apply(kept);
    assertEquals(kept, again.kept().orElseThrow(), "not the same on its own output");
    assertEquals(0, droppedTraces(again));
  }

  private static int droppedTraces(Step.Result result) {
    List<String> fields = new ArrayList<>();
    result.notes().stream()
        .map(Step.Note::field)
        .filter(field -> field.startsWith("traces["))
        .forEach(fields::add);
    Set<String> different = new HashSet<>(fields);
    assertEquals(different.size(), fields.size(), "a trace noted twice");
    return fields.size();
  }
}
