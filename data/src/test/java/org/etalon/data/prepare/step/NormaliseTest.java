package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.etalon.data.prepare.Step;
import org.etalon.data.prepare.step.Normalise.Limit;
import org.etalon.data.prepare.step.Normalise.Options;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NormaliseTest {
  private static final Normalise PLAIN = new Normalise(Options.DEFAULT);
  private static final Normalise STRIPPING =
      new Normalise(
          new Options(
              List.of("Solve the following problem step by step."),
              List.of(
                  "Put your answer in \\boxed{}.",
                  "Please reason step by step, and put your final answer within \\boxed{}."),
              Limit.NONE,
              Limit.NONE,
              false));

  private static Problem problem(String prompt, String... traces) {
    return new Problem("p", "general", prompt, "42", List.of(traces));
  }

  private static String prompt(Normalise step, String prompt) {
    return step.apply(problem(prompt)).kept().orElseThrow().prompt();
  }

  @Test
  void textsComeIntoOneForm() {
    assertEquals("a\nb\nc\nd\ne", prompt(PLAIN, "  a\r\nb\rc\u2028d\u0085e \u00a0\n"));
    assertEquals("caf\u00e9", prompt(PLAIN, "cafe\u0301"));
    assertEquals("2\u00b3", prompt(PLAIN, "2\u00b3"), "not 23");
    assertEquals("ab\tc", prompt(PLAIN, "\ufeffa\u0000b\tc\u0007"));
    Step.Result result = PLAIN.apply(problem("x", " t \r\n", "u"));
    assertEquals(List.of("t", "u"), result.kept().orElseThrow().traces());
    assertEquals(List.of(), result.notes());
  }

  @Test
  void boilerplateGoesFromBothEndsAgainAndAgain() {
    String asked =
        "Solve the following problem step by step.\n\nWhat is 6*7?\n\n"
            + "Put your answer in \\boxed{}. Please reason step by step, and put your final answer"
            + " within \\boxed{}.";
    Step.Result result = STRIPPING.apply(problem(asked));
    assertEquals("What is 6*7?", result.kept().orElseThrow().prompt());
    assertEquals("boilerplate taken off", result.notes().get(0).reason());
    assertTrue(result.notes().get(0).facts().get("before").startsWith("Solve the following"));
    assertEquals(
        "is empty",
        STRIPPING.apply(problem("Put your answer in \\boxed{}.")).notes().get(0).reason());
  }

  @ParameterizedTest
  @CsvSource({"prompt,8,0,true", "prompt,4,0,false", "prompt,0,2,true", "prompt,0,1,false"})
  void longPromptsGo(String field, int chars, int tokens, boolean kept) {
    var limit = new Limit(chars, tokens);
    var step =
        new Normalise(
            new Options(List.of(), List.of(), limit, Limit.NONE, false),
            text -> text.split(" ").length);
    Step.Result result = step.apply(problem("ab cd", "a long trace"));
    assertEquals(kept, result.kept().isPresent());
    if (!kept) {
      assertEquals(field, result.notes().get(0).field());
      assertEquals("is too long", result.notes().get(0).reason());
    }
  }

  @Test
  void longAndEmptyTracesGo() {
    var step = new Normalise(new Options(List.of(), List.of(), Limit.NONE, new Limit(3, 0), false));
    Step.Result result = step.apply(problem("x", "abcd", "\u0000", "abc"));
    assertEquals(List.of("abc"), result.kept().orElseThrow().traces());
    assertEquals(
        List.of("is too long", "is empty"),
        result.notes().stream().map(Step.Note::reason).toList());
  }

  @Test
  void whatIsNoUnicodeGoes() {
    assertEquals("is no Unicode", PLAIN.apply(problem("a\ud83d")).notes().get(0).reason());
    assertEquals("is empty", PLAIN.apply(problem("\u0000")).notes().get(0).reason());
  }

  @Test
  void limitsInTokensNeedATokenizer() {
    var options = new Options(List.of(), List.of(), new Limit(0, 5), Limit.NONE, false);
    assertThrows(DataException.class, () -> new Normalise(options));
    assertThrows(
        DataException.class,
        () ->
            Steps.of("normalise", StepsTest.options("{'maxPromptTokens': 5}"), StepsTest.CONTEXT));
    assertThrows(
        DataException.class,
        () -> new Options(List.of(" "), List.of(), Limit.NONE, Limit.NONE, false));
  }

  @Test
  void aMillionPrefixesGoInLinearTime() {
    var step = new Normalise(new Options(List.of("a"), List.of(), Limit.NONE, Limit.NONE, false));
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertEquals("b", prompt(step, "a ".repeat(StepLaws.MEGABYTE) + "b")));
  }

  @ParameterizedTest
  @MethodSource("org.etalon.data.prepare.step.StepLaws#hostile")
  void hostileTextIsCleanedSoon(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          StepLaws.hold(() -> STRIPPING, StepLaws.problem("fine", text));
          StepLaws.hold(() -> STRIPPING, problem(text + "x"));
        });
  }

  @Property(tries = 500, seed = "1")
  void lawsHold(@ForAll("texts") String prompt, @ForAll("texts") String trace) {
    var step =
        new Normalise(
            new Options(List.of("a", "e\u0301"), List.of("b"), new Limit(9, 0), Limit.NONE, false));
    if (prompt.isBlank()) {
      return;
    }
    StepLaws.hold(() -> step, problem(prompt, trace));
    step.apply(problem(prompt))
        .kept()
        .ifPresent(kept -> assertFalse(kept.prompt().matches("(?s)a.*|.*b|\\s.*|.*\\s")));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a",
            "b",
            "x",
            " ",
            "\n",
            "\r",
            "e",
            "\u0301",
            "\u0327",
            "\u0000",
            "\u00a0",
            "\u1100",
            "\u1161",
            "\ud83d\ude00",
            "\u200b",
            "\ufeff")
        .list()
        .ofMaxSize(10)
        .map(parts -> String.join("", parts));
  }
}
