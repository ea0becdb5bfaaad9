package org.etalon.training.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.etalon.training.statistics.Bootstrap;
import org.etalon.training.statistics.Interval;
import org.junit.jupiter.api.Test;

class BenchmarkScoresTest {
  private final List<Problem> problems = new ArrayList<>();
  private final List<List<Sample.Outcome>> samples = new ArrayList<>();

  private void add(Kind kind, Sample.Outcome... outcomes) {
    problems.add(new Problem("p" + problems.size(), "x", "?", "7", List.of(), kind));
    samples.add(List.of(outcomes));
  }

  private static Sample.Outcome right(String answer, int tokens) {
    return new Sample.Outcome(answer, true, true, false, false, tokens);
  }

  private static Sample.Outcome wrong(String answer, int tokens) {
    return new Sample.Outcome(answer, false, true, false, false, tokens);
  }

  private static Sample.Outcome cut(int tokens) {
    return new Sample.Outcome("", false, true, true, false, tokens);
  }

  private static Sample.Outcome undecided() {
    return new Sample.Outcome("", false, false, false, false, 5);
  }

  private static Sample.Outcome tooLong() {
    return new Sample.Outcome("", false, true, false, true, 0);
  }

  private BenchmarkScores scores() {
    return new BenchmarkScores(problems, samples, new Bootstrap(200, 0.95, 1));
  }

  /** By hand: 2 of 4 and 0 of 4 right. Pass@2 of the first is 1 − (2/4)(1/3) = 5/6. */
  @Test
  void figuresAgreeWithThoseByHand() {
    add(Kind.MATH, right("7", 10), right("7.0", 20), wrong("8", 30), wrong("9", 40));
    add(Kind.MATH, wrong("1", 50), wrong("1", 60), cut(100), wrong("", 70));
    BenchmarkScores scores = scores();
    assertEquals(0.25, scores.average().value());
    Map<Integer, Interval> passAtK = scores.passAtK(4);
    assertEquals(List.of(1, 2, 4), List.copyOf(passAtK.keySet()));
    assertEquals(0.25, passAtK.get(1).value(), 1e-12);
    assertEquals(5 / 12.0, passAtK.get(2).value(), 1e-12);
    assertEquals(0.5, passAtK.get(4).value(), 1e-12);
    assertEquals(0.5, scores.consAtK(4).get(4).value(), "7 and 7.0 are one answer");
    assertEquals(0.125, scores.truncated().value());
    assertEquals(47.5, scores.tokens().mean().value());
    assertEquals(45, scores.tokens().median());
    assertEquals(Map.of("right", 15.0, "wrong", 350 / 6.0), scores.tokens().byVerdict());
    assertTrue(scores.average().low() >= 0 && scores.average().high() <= 0.5);
  }

  @Test
  void whatCouldNotBeDecidedDoesNotCount() {
    add(Kind.CODE, right("", 10), undecided(), undecided(), undecided());
    add(Kind.CODE, undecided(), undecided(), undecided(), undecided());
    add(Kind.CODE, wrong("", 10), wrong("", 10), wrong("", 10), undecided());
    BenchmarkScores scores = scores();
    assertEquals(8, scores.undecided());
    assertEquals(1, scores.undecidedProblems());
    assertEquals(0.5, scores.average().value());
    assertEquals(0.5, scores.passAtK(4).get(4).value());
    assertEquals(Map.of(), scores.consAtK(4), "programs are not compared");
  }

  @Test
  void promptsThatDoNotFitCountAsWrongWithoutALength() {
    add(Kind.MATH, right("7", 10), right("7", 30));
    add(Kind.MATH, tooLong(), tooLong());
    BenchmarkScores scores = scores();
    assertEquals(1, scores.promptsTooLong());
    assertEquals(0.5, scores.average().value());
    assertEquals(0, scores.truncated().value());
    assertEquals(20, scores.tokens().median());
  }

  @Test
  void answersJoinTheClassTheyEqual() {
    List<Sample.Outcome> group =
        List.of(wrong("1/2", 1), right("x", 1), wrong("", 1), wrong("0.5", 1), wrong("x", 1));
    assertArrayEquals(new int[] {0, 1, -1, 0, 1}, AnswerClasses.of(Kind.MATH, group));
    List<Sample.Outcome> letters = List.of(right("A", 1), wrong("B", 1), right("A", 1));
    assertArrayEquals(new int[] {0, 1, 0}, AnswerClasses.of(Kind.OPTION, letters));
  }

  @Test
  void powersEndWithAllSamples() {
    assertEquals(List.of(1), BenchmarkScores.powers(1));
    assertEquals(List.of(1, 2, 4, 6), BenchmarkScores.powers(6));
    assertEquals(List.of(1, 2, 4, 8), BenchmarkScores.powers(8));
  }
}
