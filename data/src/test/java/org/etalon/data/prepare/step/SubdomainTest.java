package org.etalon.data.prepare.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.etalon.data.DataException;
import org.etalon.data.builtin.BuiltinProblems;
import org.etalon.data.builtin.BuiltinSet;
import org.etalon.data.builtin.BuiltinSpec;
import org.etalon.data.prepare.Step;
import org.etalon.data.prepare.step.Subdomain.Fallback;
import org.etalon.data.prepare.step.Subdomain.Options;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SubdomainTest {
  @TempDir Path folder;

  private static Subdomain rules(SubdomainLabels labels) {
    return new Subdomain(new Options(labels, false, Fallback.GUESS));
  }

  private static Problem problem(String subdomain, String prompt) {
    return new Problem("p", subdomain, prompt, "1", List.of());
  }

  private static String label(Subdomain step, String subdomain, String prompt) {
    return step.apply(problem(subdomain, prompt)).kept().orElseThrow().subdomain();
  }

  /** Problems in our own words with the area they belong to. */
  private static List<Problem> labelled() throws IOException {
    String text =
        Resources.toString(
            Resources.getResource(SubdomainTest.class, "subdomains.tsv"), StandardCharsets.UTF_8);
    List<Problem> problems = new ArrayList<>();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(text)) {
      List<String> fields = Splitter.on('\t').splitToList(line);
      problems.add(problem(fields.get(0), fields.get(1)));
    }
    return problems;
  }

  /** Right and all of each label, and the wrong ones. */
  private static String confusion(List<Problem> problems, SubdomainLabels labels) {
    StringBuilder wrong = new StringBuilder();
    Map<String, int[]> counts = new TreeMap<>();
    for (Problem problem : problems) {
      Area area = SubdomainLabels.areas(problem.subdomain()).iterator().next();
      String got = label(rules(labels), "general", problem.prompt());
      int[] count = counts.computeIfAbsent(labels.of(area), key -> new int[2]);
      count[1]++;
      if (got.equals(labels.of(area))) {
        count[0]++;
      } else {
        wrong.append("\n").append(labels.of(area)).append(" -> ").append(got).append(" ");
        wrong.append(AreaRules.weigh(problem.prompt())).append(" ").append(problem.prompt());
      }
    }
    StringBuilder table = new StringBuilder();
    counts.forEach((name, n) -> table.append(name + " " + n[0] + "/" + n[1] + "; "));
    return table.append(wrong).toString();
  }

  private static int right(List<Problem> problems, SubdomainLabels labels) {
    int right = 0;
    for (Problem problem : problems) {
      Area area = SubdomainLabels.areas(problem.subdomain()).iterator().next();
      right += label(rules(labels), "general", problem.prompt()).equals(labels.of(area)) ? 1 : 0;
    }
    return right;
  }

  @ParameterizedTest
  @CsvSource({"PAPER,0.95", "FULL,0.95"})
  void rulesFindTheSubdomainOfMostProblems(SubdomainLabels labels, double floor)
      throws IOException {
    List<Problem> problems = labelled();
    String confusion = confusion(problems, labels);
    assertTrue(right(problems, labels) >= floor * problems.size(), confusion);
  }

  @Test
  void rulesFindTheSubdomainOfTheBuiltinFamilies() {
    var spec = new BuiltinSpec(BuiltinSet.MATHEMATICS, 5, 0, 0, 0, 480, 3, 1);
    List<Problem> problems = BuiltinProblems.generate(spec).test();
    String confusion = confusion(problems, SubdomainLabels.PAPER);
    assertTrue(right(problems, SubdomainLabels.PAPER) >= 0.8 * problems.size(), confusion);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Intermediate Algebra                   | algebra    | algebra",
        "Prealgebra                             | algebra    | algebra",
        "Number Theory                          | algebra    | number theory",
        "number_theory                          | algebra    | number theory",
        "Counting & Probability                 | statistics | statistics",
        "counting_and_probability               | statistics | statistics",
        "Combinatorics                          | statistics | combinatorics",
        "Inequalities                           | algebra    | algebra",
        "Geometry                               | geometry   | geometry",
        "Mathematics -> Geometry -> Solid Geometry | geometry | geometry",
        "Mathematics -> Calculus -> Unheard Of  | calculus   | calculus",
        "Precalculus                            | algebra    | linear algebra",
      })
  void theNameAProblemCarriesGoesFirst(String name, String paper, String full) {
    String prompt = "What is the expected value of the determinant?";
    for (SubdomainLabels labels : SubdomainLabels.values()) {
      var step = new Subdomain(new Options(labels, true, Fallback.GUESS));
      assertEquals(labels == SubdomainLabels.PAPER ? paper : full, label(step, name, prompt));
      assertEquals("statistics", label(step, "Physics", "What is the expected value?"));
    }
  }

  @Test
  void withoutARuleItIsAGuessOrOther() {
    Problem nothing = problem("general", "Hm?");
    Step.Result guess = rules(SubdomainLabels.PAPER).apply(nothing);
    assertEquals("algebra", guess.kept().orElseThrow().subdomain());
    assertEquals("labelled without a rule", guess.notes().get(0).reason());
    var other = new Subdomain(new Options(SubdomainLabels.PAPER, true, Fallback.OTHER));
    assertEquals("other", label(other, "general", "Hm?"));
    assertEquals("calculus", label(other, "general", "Find the derivative."));
  }

  @Test
  void theNoteSaysWhatItWasCalledBefore() {
    Step.Result result = rules(SubdomainLabels.PAPER).apply(problem("Physics", "Find \\int x dx"));
    assertEquals("labelled by rules", result.notes().get(0).reason());
    assertEquals(Map.of("was", "Physics", "label", "calculus"), result.notes().get(0).facts());
    Problem right = problem("calculus", "Find \\int x dx");
    assertEquals(Step.Result.kept(right), rules(SubdomainLabels.PAPER).apply(right));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Geometry                                        | geometry",
        "**Number Theory**.                              | number theory",
        "\\boxed{calculus}                               | calculus",
        "<think>algebra or geometry?</think> \"algebra\" | algebra",
        "It is geometry                                  | ",
        "<think>geometry                                 | ",
        "algebra, geometry                               | ",
        "physics                                         | ",
      })
  void aModelsAnswerIsALabelOrNothing(String response, String label) {
    assertEquals(
        Optional.ofNullable(label), new SubdomainAnswers(SubdomainLabels.FULL).parse(response));
  }

  @Test
  void aModelsAnswersGoFirst() throws IOException {
    Files.writeString(
        folder.resolve("a.jsonl"),
        """
        {"id":"p","response":"geometry"}
        {"id":"p","response":"calculus"}
        {"id":"q","text":"no idea","sample":0}
        """);
    var context = new Context(CorrectTracesTest::grader, path -> null, 1, folder);
    Step step = Steps.of("subdomain", StepsTest.options("{'answers':'a.jsonl'}"), context);
    Step.Result said = step.apply(problem("algebra", "Find the derivative."));
    assertEquals("geometry", said.kept().orElseThrow().subdomain());
    assertEquals("labelled by a model", said.notes().get(0).reason());
    Problem q = new Problem("q", "general", "Find the derivative.", "1", List.of());
    Step.Result unknown = step.apply(q);
    assertEquals("calculus", unknown.kept().orElseThrow().subdomain());
    assertEquals("the model named no subdomain", unknown.notes().get(0).reason());
    Problem r = new Problem("r", "algebra", "Find the derivative.", "1", List.of());
    assertEquals(Step.Result.kept(r), step.apply(r));
    Files.writeString(folder.resolve("a.jsonl"), "{\"id\":\"p\"}\n");
    assertThrows(
        DataException.class,
        () -> Steps.of("subdomain", StepsTest.options("{'answers':'a.jsonl'}"), context));
  }

  @ParameterizedTest
  @EnumSource
  void thePromptOffersEveryLabelAndHoldsTheProblem(SubdomainLabels labels) {
    String prompt = SubdomainAnswers.prompt(problem("x", "What is $1+1$?"), labels);
    labels.labels().forEach(label -> assertTrue(prompt.contains(label), label));
    assertTrue(prompt.endsWith("What is $1+1$?"));
    assertEquals(labels == SubdomainLabels.PAPER ? 4 : 8, labels.labels().size());
  }

  @ParameterizedTest
  @MethodSource("org.etalon.data.prepare.step.StepLaws#hostile")
  void hostileTextIsLabelledSoon(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          StepLaws.hold(() -> rules(SubdomainLabels.FULL), problem("general", text + "x"));
          StepLaws.hold(() -> rules(SubdomainLabels.FULL), problem(text + "x", "Find x."));
          new SubdomainAnswers(SubdomainLabels.FULL).parse(text);
        });
  }

  @Property(tries = 300, seed = "1")
  void lawsHold(@ForAll String subdomain, @ForAll String prompt, @ForAll Fallback fallback) {
    if (subdomain.isBlank() || prompt.isBlank()) {
      return;
    }
    for (SubdomainLabels labels : SubdomainLabels.values()) {
      StepLaws.hold(
          () -> new Subdomain(new Options(labels, true, fallback)), problem(subdomain, prompt));
    }
  }
}
