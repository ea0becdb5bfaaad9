package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.etalon.data.DataException;
import org.etalon.data.builtin.BuiltinProblems;
import org.etalon.data.builtin.BuiltinSet;
import org.etalon.data.builtin.BuiltinSpec;
import org.etalon.data.grade.Grader;
import org.etalon.data.grade.MathGrader;
import org.etalon.data.grade.OptionGrader;
import org.etalon.data.grade.Verdict;
import org.etalon.data.prepare.Step;
import org.etalon.data.prepare.step.CorrectTraces.Options;
import org.etalon.data.prepare.step.CorrectTraces.Undecided;
import org.etalon.data.prepare.step.CorrectTraces.Ungradable;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CorrectTracesTest {
  private static final CorrectTraces STEP = step(Options.DEFAULT);

  static Grader grader(Kind kind) {
    return switch (kind) {
      case MATH -> new MathGrader(false);
      case OPTION -> new OptionGrader();
      case CODE, CONSTRAINT -> throw new DataException("no grader for " + kind.label());
    };
  }

  private static CorrectTraces step(Options options) {
    return new CorrectTraces(options, CorrectTracesTest::grader);
  }

  private static List<String> reasons(Step.Result result) {
    return result.notes().stream().map(Step.Note::reason).toList();
  }

  @Test
  void wrongTracesGoAndRightOnesStay() {
    Step.Result result =
        STEP.apply(StepLaws.problem("so \\boxed{42}", "so \\boxed{41}", "the answer is 84/2"));
    assertEquals(
        List.of("so \\boxed{42}", "the answer is 84/2"), result.kept().orElseThrow().traces());
    Step.Note note = result.notes().get(0);
    assertEquals("traces[1]", note.field());
    assertEquals("the answer is wrong", note.reason());
    assertEquals("41", note.facts().get("answer"));
    assertEquals("42", note.facts().get("gold"));
  }

  @ParameterizedTest
  @EnumSource
  void everyBuiltinTraceIsRight(BuiltinSet set) {
    var spec = new BuiltinSpec(set, 11, 1200, 0, 0, 0, 3, 3);
    var strict = step(new Options(Undecided.DROP, true, true, Ungradable.STOP, false));
    for (Problem problem : BuiltinProblems.generate(spec).sft()) {
      assertEquals(Step.Result.kept(problem), strict.apply(problem));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'<think>6*7 is \\boxed{42}', true",
    "'<think>6*7</think>', true",
    "'<think>a</think> no <think> \\boxed{42}', true",
    "'<think>6*7</think>\\boxed{42}', false",
    "'6*7</think>\\boxed{42}', false",
    "'\\boxed{42}', false"
  })
  void thinkingMustEndAndBeFollowedByAResponse(String trace, boolean cut) {
    assertEquals(cut, CorrectTraces.isCut(trace));
    Step.Result result = STEP.apply(StepLaws.problem(trace));
    assertEquals(cut, reasons(result).contains("was cut while thinking"));
    var lenient = step(new Options(Undecided.DROP, false, false, Ungradable.STOP, false));
    assertEquals(trace.contains("42"), lenient.apply(StepLaws.problem(trace)).kept().isPresent());
  }

  @Test
  void aBoxIsDemandedOnlyWhenAsked() {
    Problem problem = StepLaws.problem("the answer is 42");
    assertTrue(STEP.apply(problem).kept().isPresent());
    var strict = step(new Options(Undecided.DROP, true, true, Ungradable.STOP, false));
    assertEquals(
        List.of("has no boxed answer", "no trace is left"), reasons(strict.apply(problem)));
  }

  @Test
  void theGraderIsThatOfTheKind() {
    Problem option =
        new Problem(
            "o", "general", "Which?", "B", List.of("\\boxed{B}", "\\boxed{A}"), Kind.OPTION);
    assertEquals(List.of("\\boxed{B}"), STEP.apply(option).kept().orElseThrow().traces());
    Problem code = new Problem("c", "general", "Write.", "tests", List.of("x"), Kind.CODE);
    assertThrows(DataException.class, () -> STEP.apply(code));
  }

  @Test
  void undecidedVerdictsAreCountedApart() {
    Grader failing = (gold, response) -> Verdict.undecided("?", "the sandbox failed");
    Problem problem = StepLaws.problem("a", "b");
    var dropping = new CorrectTraces(Options.DEFAULT, kind -> failing);
    assertEquals(
        List.of("the grader could not tell", "the grader could not tell", "no trace is left"),
        reasons(dropping.apply(problem)));
    var keeping =
        new CorrectTraces(
            new Options(Undecided.KEEP, false, true, Ungradable.STOP, false), kind -> failing);
    assertEquals(Step.Result.kept(problem), keeping.apply(problem));
  }

  @Test
  void aGoldAnswerThatCannotBeGradedStopsOrDropsItsProblem() {
    Problem odd = new Problem("o", "general", "Which?", "B or C", List.of("B"), Kind.OPTION);
    String message = assertThrows(DataException.class, () -> STEP.apply(odd)).getMessage();
    assertTrue(message.startsWith("problem o: expected an option's letter"), message);
    var dropping = step(new Options(Undecided.DROP, false, true, Ungradable.DROP, false));
    assertEquals(List.of("the gold answer cannot be graded"), reasons(dropping.apply(odd)));
  }

  @ParameterizedTest
  @MethodSource("org.etalon.data.prepare.step.StepLaws#hostile")
  void hostileTracesAreJudgedSoon(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> StepLaws.hold(() -> STEP, StepLaws.problem("\\boxed{42}", text)));
  }

  @Property(tries = 200, seed = "1")
  void lawsHold(@ForAll("traces") List<String> traces) {
    StepLaws.hold(() -> STEP, StepLaws.problem(traces.toArray(String[]::new)));
  }

  @Provide
  Arbitrary<List<String>> traces() {
    return Arbitraries.of(
            "42", "41", "\\boxed{42}", "\\boxed{", "<think>", "</think>", "answer is ")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts))
        .list()
        .ofMaxSize(4);
  }
}
