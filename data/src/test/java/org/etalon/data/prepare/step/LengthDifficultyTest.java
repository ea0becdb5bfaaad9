package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Step;
import org.etalon.data.prepare.step.LengthDifficulty.Options;
import org.etalon.data.problem.Problem;
import org.etalon.data.text.TokenizerFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LengthDifficultyTest {
  @TempDir Path folder;

  private static LengthDifficulty step(Options options, int right, int judged) {
    return new LengthDifficulty(
        options, DifficultyTest.rollouts(right, judged), text -> text.split(" ").length);
  }

  @Test
  void thePapersNumbersAreTheDefault() {
    assertEquals(new Options(5_000, 0.75, 8), Options.PAPER);
    Problem problem = StepLaws.problem("a ".repeat(5_000), "a ".repeat(4_999));
    Step.Result result = step(Options.PAPER, 2, 8).apply(problem);
    assertEquals(List.of(problem.traces().get(0)), result.kept().orElseThrow().traces());
    assertEquals("traces[1]", result.notes().get(0).field());
    assertEquals("is too short", result.notes().get(0).reason());
    assertEquals("4999", result.notes().get(0).facts().get("tokens"));
  }

  @ParameterizedTest
  @CsvSource({"0,true", "2,true", "3,false", "8,false"})
  void threeQuartersOfTheRolloutsMustBeWrong(int right, boolean kept) {
    Step.Result result = step(Options.PAPER, right, 8).apply(StepLaws.problem("a ".repeat(5_000)));
    assertEquals(kept, result.kept().isPresent());
    if (!kept) {
      assertEquals("is not hard enough", result.notes().get(0).reason());
    }
  }

  @Test
  void tooFewRolloutsNameTheProblem() {
    String message =
        assertThrows(
                DataException.class,
                () -> step(Options.PAPER, 0, 7).apply(StepLaws.problem("a ".repeat(5_000))))
            .getMessage();
    assertEquals(
        "problem p must have at least 8 judged rollouts of the reference model, got 7;"
            + " sample more, or lower minRollouts",
        message);
  }

  @Test
  void shortTracesTakeTheirProblemAlong() {
    var options = new Options(3, 0.5, 1);
    Step.Result result = step(options, 0, 1).apply(StepLaws.problem("a b", "c"));
    assertEquals(3, result.notes().size());
    assertTrue(result.kept().isEmpty());
    assertTrue(step(options, 0, 1).apply(StepLaws.problem()).kept().isEmpty());
  }

  @Test
  void lawsHold() {
    Problem problem = StepLaws.problem("a b c", "d", "e f g h");
    StepLaws.hold(() -> step(new Options(3, 0.5, 1), 0, 1), problem);
    StepLaws.hold(() -> step(new Options(9, 0.5, 1), 0, 1), problem);
  }

  @Test
  void aRecipeNamesRolloutsAndTokenizer() throws IOException {
    Files.writeString(folder.resolve("r.jsonl"), "{\"id\":\"p\",\"correct\":false}\n");
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      var context =
          new Context(
              CorrectTracesTest::grader,
              written -> {
                assertEquals("builtin", written);
                return tokenizer;
              },
              1,
              folder);
      var options =
          StepsTest.options(
              "{'rollouts':'r.jsonl','tokenizer':'builtin','minRollouts':1,'minTokens':4}");
      Step step = Steps.of("length-difficulty", options, context);
      assertEquals(
          List.of("1 + 2 + 3 = 6"),
          step.apply(StepLaws.problem("1 + 2 + 3 = 6", "1")).kept().orElseThrow().traces());
      assertEquals(
          List.of(folder.resolve("r.jsonl")), Steps.files("length-difficulty", options, folder));
      assertThrows(
          DataException.class,
          () ->
              Steps.of("length-difficulty", StepsTest.options("{'rollouts':'r.jsonl'}"), context));
    }
  }
}
