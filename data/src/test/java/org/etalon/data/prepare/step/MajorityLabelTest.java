package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Step;
import org.etalon.data.prepare.step.MajorityLabel.Disagreement;
import org.etalon.data.prepare.step.MajorityLabel.Options;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MajorityLabelTest {
  private static final MajorityLabel STEP = new MajorityLabel(Options.DEFAULT);

  @TempDir Path folder;

  private static Problem problem(String gold, String... answers) {
    List<String> traces = Stream.of(answers).map(answer -> "so \\boxed{" + answer + "}").toList();
    return new Problem("p", "general", "How much?", gold, traces);
  }

  private static Options options(Disagreement disagreement) {
    return new Options(true, 0.5, 3, 1, List.of("?"), disagreement);
  }

  @Test
  void anUnknownAnswerBecomesThatOfTheMajority() {
    Step.Result result = STEP.apply(problem("?", "1/2", "0.5", "\\frac12", "1/2", "3", "4"));
    assertEquals("1/2", result.kept().orElseThrow().answer());
    Step.Note note = result.notes().get(0);
    assertEquals("labelled by majority", note.reason());
    assertEquals("4", note.facts().get("votes for 1/2"));
    assertEquals("6", note.facts().get("ballots"));
  }

  @Test
  void withoutAMajorityItGoes() {
    for (Problem problem :
        List.of(
            problem("?", "1", "1", "2", "2"),
            problem("?", "1", "1"),
            problem("?", "1", "1", "1", "2", "3", "4", "5"),
            problem("?"))) {
      Step.Result result = STEP.apply(problem);
      assertEquals(Optional.empty(), result.kept());
      assertEquals("no majority", result.notes().get(0).reason());
    }
  }

  @Test
  void tiesGoEvenWhereTheShareIsEnough() {
    var lenient = new MajorityLabel(new Options(true, 0.1, 1, 1, List.of("?"), Disagreement.KEEP));
    assertTrue(lenient.apply(problem("?", "1", "1", "2", "2", "3")).kept().isEmpty());
    assertTrue(lenient.apply(problem("?", "1", "1", "2", "3")).kept().isPresent());
    var clear = new MajorityLabel(new Options(true, 0.1, 1, 2, List.of("?"), Disagreement.KEEP));
    assertTrue(clear.apply(problem("?", "1", "1", "2", "3")).kept().isEmpty());
  }

  @Test
  void responsesWithoutAnAnswerCountAgainstTheMajority() {
    Problem problem =
        problem("?", "1", "1", "1")
            .withTraces(
                List.of(
                    "\\boxed{1}", "\\boxed{1}", "\\boxed{1}", "1", "hm", "?", "<think>\\boxed{1}"));
    Step.Result result = STEP.apply(problem);
    assertTrue(result.kept().isEmpty());
    assertEquals("7", result.notes().get(0).facts().get("ballots"));
    assertEquals("0.429", result.notes().get(0).facts().get("share"));
  }

  @Test
  void aTrustedAnswerIsFlaggedDroppedOrReplaced() {
    Problem problem = problem("7", "8", "8", "8", "7");
    Step.Result kept = STEP.apply(problem);
    assertEquals(Optional.of(problem), kept.kept());
    assertEquals("the majority contradicts the gold answer", kept.notes().get(0).reason());
    assertTrue(new MajorityLabel(options(Disagreement.DROP)).apply(problem).kept().isEmpty());
    assertEquals(
        "8",
        new MajorityLabel(options(Disagreement.REPLACE))
            .apply(problem)
            .kept()
            .orElseThrow()
            .answer());
    Problem agreeing = problem("0.5", "1/2", "1/2", "1/2");
    assertEquals(Step.Result.kept(agreeing), STEP.apply(agreeing));
    Problem undecided = problem("7", "8", "9");
    assertEquals(Step.Result.kept(undecided), STEP.apply(undecided));
  }

  @Test
  void optionsAreVotedByLetter() {
    Problem problem =
        new Problem(
            "o",
            "general",
            "Which?",
            "?",
            List.of("\\boxed{B}", "\\boxed{(B)}", "\\boxed{\\text{B}}", "\\boxed{A}", "\\boxed{7}"),
            Kind.OPTION);
    assertEquals("B", STEP.apply(problem).kept().orElseThrow().answer());
  }

  @Test
  void programsAndRulesPass() {
    Problem code = new Problem("c", "general", "Write.", "?", List.of("x"), Kind.CODE);
    assertEquals(Step.Result.kept(code), STEP.apply(code));
  }

  @Test
  void aFileOfResponsesMayVote() throws IOException {
    Files.writeString(
        folder.resolve("r.jsonl"),
        """
        {"id":"p","response":"\\\\boxed{12}","truncated":false}
        {"id":"q","response":"\\\\boxed{13}"}
        {"id":"p","text":"\\\\boxed{12.0}"}
        {"id":"p","response":"\\\\boxed{12}"}
        {"id":"p","response":"\\\\boxed{12}","truncated":true}
        """);
    var context = new Context(CorrectTracesTest::grader, path -> null, 1, folder);
    Step step = Steps.of("majority-label", StepsTest.options("{'rollouts':['r.jsonl']}"), context);
    Step.Result result = step.apply(problem("?", "99", "99", "99"));
    assertEquals("12", result.kept().orElseThrow().answer());
    assertEquals("4", result.notes().get(0).facts().get("ballots"));
    Files.writeString(folder.resolve("r.jsonl"), "{\"id\":\"p\",\"correct\":true}\n");
    String message =
        assertThrows(
                DataException.class,
                () ->
                    Steps.of(
                        "majority-label", StepsTest.options("{'rollouts':'r.jsonl'}"), context))
            .getMessage();
    assertTrue(message.contains("r.jsonl:1: field \"response\""), message);
  }

  @ParameterizedTest
  @MethodSource("org.etalon.data.prepare.step.StepLaws#hostile")
  void hostileTracesVoteSoon(String text) {
    Problem problem = problem("?").withTraces(List.of(text, "\\boxed{" + text + "}", text));
    assertTimeoutPreemptively(Duration.ofSeconds(60), () -> StepLaws.hold(() -> STEP, problem));
  }

  @Property(tries = 200, seed = "1")
  void lawsHold(@ForAll("answers") List<String> answers, @ForAll Disagreement disagreement) {
    var step = new MajorityLabel(options(disagreement));
    StepLaws.hold(() -> step, problem("?", answers.toArray(String[]::new)));
    StepLaws.hold(() -> step, problem("2", answers.toArray(String[]::new)));
  }

  @Provide
  Arbitrary<List<String>> answers() {
    return Arbitraries.of("0.5", "1/2", "2", "2.0", "x+1", "?").list().ofMaxSize(8);
  }
}
