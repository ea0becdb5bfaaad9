package org.etalon.data.decontaminate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.etalon.data.builtin.BuiltinProblems;
import org.etalon.data.builtin.BuiltinSet;
import org.etalon.data.builtin.BuiltinSpec;
import org.etalon.data.decontaminate.Decontaminator.Options;
import org.etalon.data.decontaminate.Decontaminator.Overlap;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;

/** Evaluation problems hidden in training problems, and training problems that only look alike. */
class PlantedOverlapTest {
  private static final List<String> EVALUATION =
      List.of(
          "Let $x$ and $y$ be real numbers with $x>1$ such that $\\log_x\\left(y^x\\right)=10$. Find"
              + " $\\frac{xy}{2}$.",
          "Find the sum of all integer bases $b>9$ for which $17_b$ is a divisor of $97_b.$",
          "In a triangle the sides have lengths $13$, $14$ and $\\sqrt{225}$; what is its area, in"
              + " square units?",
          "Compute \\[\\int_0^1 \\frac{x^2+1}{x^4+1}\\,dx,\\] and give your answer as"
              + " $\\frac{\\pi\\sqrt{a}}{b}$.",
          "A fair coin is tossed 10 times. What is the probability of exactly three heads?",
          // Nine words: compared as a whole.
          "What is the largest prime that divides 2024?");

  /** What people and programs do to a text without saying anything else. */
  private static final List<UnaryOperator<String>> DISGUISES =
      List.of(
          text -> text,
          text -> text.toUpperCase(Locale.ROOT),
          text -> text.replaceAll("[.,;?]", "").replaceAll("\\s+", "  \n"),
          text -> text.replaceAll("\\$([^$]*)\\$", "\\\\($1\\\\)").replace("\\[", "$$"),
          text -> text.replace("\\frac", "\\dfrac").replace("\\left", "").replace("\\right", ""),
          text ->
              text.replace("\\frac", "\\tfrac").replace("(", "\\bigl( ").replace(")", "\\bigr) "),
          text -> text.replace("=", "\\; = \\, ").replace(">", " \\quad > \\! ").replace("{", "{ "),
          text -> text.replace("$", " $ \\displaystyle ").replace("^", " ^ "),
          text -> text.replace(" ", "\u00a0").replace("-", "\u2212"),
          text -> text.replace("fi", "\ufb01").replace("1", "\uff11"),
          text -> "**" + text.replace(" and ", " _and_ ") + "**");

  @Test
  void everyPlantedOverlapIsFoundUnderEveryDisguise() {
    Random random = new Random(11);
    Decontaminator decontaminator =
        Decontaminator.against(problems(EVALUATION, "e"), Options.PAPER);
    Decontaminator traces =
        Decontaminator.against(problems(EVALUATION, "e"), new Options(10, true));
    for (int e = 0; e < EVALUATION.size(); e++) {
      for (int d = 0; d < DISGUISES.size(); d++) {
        String hidden = DISGUISES.get(d).apply(EVALUATION.get(e));
        boolean isShort = Words.of(EVALUATION.get(e)).size() < 10;
        String around = isShort ? "" : sentence(random, 12);
        Problem training = problem("t", around + ". " + hidden + " " + around);
        Optional<Overlap> found = decontaminator.check(training);
        assertTrue(found.isPresent(), "disguise " + d + ": " + hidden);
        assertEquals("e" + e, found.get().evaluationId());
        Problem inTrace =
            problem("t", sentence(random, 30)).withTraces(List.of("x", training.prompt()));
        assertEquals("traces[1]", traces.check(inTrace).orElseThrow().field());
        assertEquals(Optional.empty(), decontaminator.check(inTrace));
      }
    }
  }

  @Test
  void noneOfTenThousandUnrelatedProblemsIsLost() {
    Random random = new Random(12);
    List<Problem> evaluation = new ArrayList<>(problems(EVALUATION, "e"));
    List<Problem> training = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      evaluation.add(problem("g" + i, sentence(random, 20 + random.nextInt(60))));
    }
    for (int i = 0; i < 10_000; i++) {
      // Common phrases of up to nine words are no overlap.
      training.add(
          problem(
              "t" + i,
              "Find the sum of all integer bases, " + sentence(random, 10 + random.nextInt(120))));
    }
    Decontaminator.Report report =
        Decontaminator.against(evaluation, Options.PAPER).filter(training);
    assertEquals(List.of(), report.dropped());
    assertEquals(10_000, report.kept().size());
  }

  @Test
  void noBuiltinProblemIsLostToCompetitionProblems() {
    List<Problem> training =
        BuiltinProblems.generate(new BuiltinSpec(BuiltinSet.MATHEMATICS, 3, 2000, 2000, 0, 0, 3, 1))
            .rl();
    assertEquals(
        List.of(),
        Decontaminator.against(problems(EVALUATION, "e"), Options.PAPER)
            .filter(training)
            .dropped());
  }

  private static List<Problem> problems(List<String> prompts, String prefix) {
    return Stream.iterate(0, i -> i + 1)
        .limit(prompts.size())
        .map(i -> problem(prefix + i, prompts.get(i)))
        .toList();
  }

  /** Words of a vocabulary of 5,000, the first ones far more often, with formulas between them. */
  private static String sentence(Random random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      double at = random.nextDouble();
      int word = (int) (5000 * at * at);
      text.append(Integer.toString(word + 500, 26).replaceAll("[0-9]", "o")).append(' ');
      if (random.nextInt(9) == 0) {
        text.append("$\\frac{").append(random.nextInt(9)).append("}{n}$, ");
      }
    }
    return text.toString();
  }

  private static Problem problem(String id, String prompt) {
    return new Problem(id, "general", prompt, "0", List.of());
  }
}
