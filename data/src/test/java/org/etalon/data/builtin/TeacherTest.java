package org.etalon.data.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TeacherTest {
  private static final int SAMPLES = 300;
  private static final Pattern NAME = Pattern.compile("([A-Z][a-z]+( [a-z]+| \\d+)?):");
  private static final Pattern BOX = Pattern.compile("\\\\boxed\\{(-?\\d+(/\\d+)?)}");

  private static List<Family> allFamilies() {
    return Arrays.stream(BuiltinSet.values()).flatMap(set -> Families.of(set).stream()).toList();
  }

  /** Hands every family many drawn questions of every level. */
  private static void everyQuestion(BiConsumer<Family, Question> check) {
    for (Family family : allFamilies()) {
      for (int level = 1; level <= 3; level++) {
        Draw draw = new Draw("test:" + family.path() + level);
        for (int i = 0; i < SAMPLES; i++) {
          check.accept(family, family.pose(family.draw(draw, level)));
        }
      }
    }
  }

  @Test
  void everyLineOfEveryTraceIsTrue() {
    everyQuestion(
        (family, question) -> question.traces().forEach(trace -> checkLines(question, trace)));
  }

  /** A name, then lines of arithmetic ending in the answer, then the box. */
  private static void checkLines(Question question, String trace) {
    List<String> lines = trace.lines().toList();
    assertTrue(NAME.matcher(lines.get(0)).matches(), trace);
    Matcher box = BOX.matcher(lines.get(lines.size() - 1));
    assertTrue(box.matches(), trace);
    assertEquals(question.answer(), box.group(1), trace);
    Arithmetic.Value last = null;
    for (String line : lines.subList(1, lines.size() - 1)) {
      if (line.matches("at -?\\d+")) {
        continue;
      }
      last = checkEquation(line.startsWith("x=") ? line.substring(2) : line, trace);
    }
    assertEquals(Arithmetic.evaluate(question.answer()), last, trace);
  }

  private static Arithmetic.Value checkEquation(String line, String trace) {
    Set<Arithmetic.Value> sides =
        Arrays.stream(line.split("=", -1)).map(Arithmetic::evaluate).collect(Collectors.toSet());
    assertEquals(1, sides.size(), () -> line + " is not true in\n" + trace);
    return sides.iterator().next();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2+2=5", "7*14=70+27=98", "6/4=2/3"})
  void wrongLineIsFound(String line) {
    assertThrows(AssertionError.class, () -> checkEquation(line, line));
  }

  @Test
  void everyQuestionHasThreeMethodsThatComputeDifferently() {
    everyQuestion(
        (family, question) -> {
          Set<String> names = new HashSet<>();
          Set<List<String>> computations = new HashSet<>();
          for (String trace : question.traces()) {
            List<String> lines = trace.lines().toList();
            names.add(lines.get(0));
            computations.add(lines.subList(1, lines.size()));
          }
          assertEquals(3, names.size(), () -> family.path() + " " + question);
          assertTrue(computations.size() >= 2, () -> family.path() + " " + question);
        });
  }

  @Test
  void methodsOfOneFamilyDifferInMostQuestions() {
    for (Family family : allFamilies()) {
      Draw draw = new Draw("differ:" + family.path());
      int different = 0;
      for (int i = 0; i < SAMPLES; i++) {
        Question question = family.pose(family.draw(draw, 2));
        Set<String> steps =
            question.traces().stream()
                .map(trace -> trace.substring(trace.indexOf('\n')))
                .collect(Collectors.toSet());
        different += steps.size() == 3 ? 1 : 0;
      }
      assertTrue(different >= 0.95 * SAMPLES, family.path() + ": " + different);
    }
  }

  @Test
  void answerIsAWholeNumberOrAReducedFraction() {
    everyQuestion(
        (family, question) -> {
          String answer = question.answer();
          assertTrue(answer.matches("-?\\d{1,4}(/\\d{1,3})?"), question::toString);
          Arithmetic.Value value = Arithmetic.evaluate(answer);
          String lowest =
              value.under().intValue() == 1
                  ? value.over().toString()
                  : value.over() + "/" + value.under();
          assertEquals(lowest, answer);
        });
  }

  /** Answers worked out by hand, as an anchor that does not share the generator's formulas. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          algebra/linear-equation | 3 5 0 20 | Solve 3x+5=20 for x. | 5
          algebra/linear-equation | 5 -3 2 12 | Solve 5x-3=2x+12 for x. | 5
          algebra/coin-mix | 2 5 12 39 0 | 2s and 5s: 12 coins make 39. How many 5s? | 5
          algebra/coin-mix | 2 5 12 39 1 | 2s and 5s: 12 coins make 39. Worth of 5s? | 25
          algebra/quadratic-root | 1 -7 12 0 1 | x^2-7x+12=0. Find the larger root. | 4
          algebra/quadratic-root | 2 2 -12 0 0 | 2x^2+2x-12=0. Find the smaller root. | -3
          algebra/quadratic-root | 1 2 -10 5 1 | x^2+2x-10=5. Find the larger root. | 3
          algebra/arithmetic-term | 1 3 2 7 8 | Find term 8 of 3, 7, 11, ... | 31
          algebra/arithmetic-sum | 3 4 6 | Add the first 6 terms of 3, 7, 11, ... | 78
          algebra/proportion | 4 12 7 | 4 pens cost 12. What do 7 pens cost? | 21
          algebra/proportion | 6 9 8 | 6 pens cost 9. What do 8 pens cost? | 12
          geometry/l-shape | 9 6 3 2 | 9 by 6 sheet minus 3 by 2 corner. Area? | 48
          geometry/triangle-area | 0 0 4 0 0 3 | Area of the triangle (0,0), (4,0), (0,3)? | 6
          geometry/triangle-area | 1 1 7 2 3 5 | Area of the triangle (1,1), (8,3), (4,6)? | 29/2
          geometry/polygon-angle | 80 90 100 | Angles of a quadrilateral: 80, 90, 100, x. Find x. | 90
          geometry/polygon-angle | 90 90 90 150 | Angles of a pentagon: 90, 90, 90, 150, x. Find x. | 120
          geometry/box-surface | 2 3 4 | Surface of a 2 by 3 by 4 box? | 52
          geometry/squared-distance | 1 2 4 6 | Squared distance from (1,2) to (4,6)? | 25
          geometry/squared-distance | 0 0 0 1 2 2 | Squared distance from (0,0,0) to (1,2,2)? | 9
          calculus/derivative-at-point | 0 3 4 2 | f(x)=3x^2+4x. Find f'(2). | 16
          calculus/derivative-at-point | 1 0 -1 2 | f(x)=x^3-x. Find f'(2). | 11
          calculus/least-value | 1 6 11 | Find the least value of x^2-6x+11. | 2
          calculus/least-value | 2 -4 5 | Find the least value of 2x^2+4x+5. | 3
          calculus/product-rule | 3 4 5 1 | f=3, f'=4, g=5, g'=1. Find (fg)'. | 23
          calculus/definite-integral | 2 3 1 4 | Integrate 2x+3 from 1 to 4. | 24
          calculus/limit-quotient | 1 -7 12 3 | Limit of (x^2-7x+12)/(x-3) as x goes to 3? | -1
          calculus/limit-quotient | 2 0 -2 1 | Limit of (2x^2-2)/(x-1) as x goes to 1? | 4
          calculus/average-rate | 2 3 1 4 | f(x)=2x^2+3x. Average rate from 1 to 4? | 13
          statistics/mean | 3 7 5 9 | Find the mean of 3, 7, 5, 9. | 6
          statistics/missing-value | 7 4 6 | Numbers 4, 6 and x have mean 7. Find x. | 11
          statistics/missing-value | 5 4 6 8 | Numbers 4, 6, 8 and x have mean 5. Find x. | 2
          statistics/weighted-mean | 3 6 2 11 | 3 cost 6 each, 2 cost 11 each. Mean cost? | 8
          statistics/weighted-mean | 1 1 2 2 | 1 cost 1 each, 2 cost 2 each. Mean cost? | 5/3
          statistics/variance | 2 4 9 | Population variance of 2, 4, 9? | 26/3
          statistics/bag-complement | 3 -4 5 | Bag: 3 red, 4 blue, 5 green. P(not blue)? | 2/3
          statistics/at-least-one | 1 3 1 4 | Shots hit with 1/3, 1/4. Chance of any hit? | 1/2
          statistics/at-least-one | 1 2 1 2 1 2 | Shots hit with 1/2, 1/2, 1/2. Chance of any hit? | 7/8
          geometry/trapezoid-area | 5 9 4 | Trapezoid with parallel sides 5 and 9, height 4: area? | 28
          sums/buys | 12 9 1 1 | Tom has 12 apples and buys 9 more. How many apples does Tom have? | 21
          sums/finds-and-loses | 12 9 4 2 2 | Mia has 12 marbles. Mia finds 9 more and then loses 4. How many marbles does Mia have now? | 17
          differences/gives-away | 12 9 3 3 | Leo has 12 books and gives away 9. How many books are left? | 3
          differences/gives-away-twice | 12 4 5 4 4 | Ava has 12 stickers. Ava gives away 4 and then loses 5. How many stickers are left? | 3
          products/boxes | 4 6 5 5 | Sam has 4 boxes with 6 pencils in each box. How many pencils does Sam have? | 24
          products/price | 4 6 6 6 | Zoe buys 4 coins for 6 dollars each. How many dollars does Zoe pay? | 24
          two-operations/boxes-and-more | 4 6 5 7 7 | Ben has 4 boxes with 6 cards in each box and 5 more cards. How many cards does Ben have in total? | 29
          two-operations/boxes-less-some | 4 6 5 10 1 | Eva has 4 boxes with 6 apples in each box. Eva loses 5 apples. How many apples are left? | 19
          algebra/arithmetic-term | 2 7 5 19 9 | Arithmetic sequence: term 2 is 7, term 5 is 19. Term 9? | 35
          """)
  void knownQuestionHasItsAnswer(String path, String parameters, String prompt, String answer) {
    Family family =
        allFamilies().stream().filter(f -> f.path().equals(path)).findFirst().orElseThrow();
    Question question =
        family.pose(Arrays.stream(parameters.split(" ", -1)).mapToInt(Integer::parseInt).toArray());
    assertEquals(prompt, question.prompts().get(0));
    assertEquals(answer, question.answer());
  }

  @Test
  void solutionThatMissesTheAnswerIsRefused() {
    List<String> prompts = List.of("2+2?", "Add 2 and 2.");
    String right = "Add:\n2+2=4\n\\boxed{4}";
    String wrong = "Guess:\n2*3=6\n\\boxed{6}";
    assertThrows(
        IllegalArgumentException.class,
        () -> Question.of(4, prompts, right, "Double:\n2*2=4\n\\boxed{4}", wrong));
    assertThrows(
        IllegalArgumentException.class, () -> Question.of(4, prompts, right, right, right));
  }
}
