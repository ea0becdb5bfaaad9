package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.etalon.data.DataException;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;

class GradersTest {
  private static Problem problem(Kind kind, String answer) {
    return new Problem("p7", "general", "?", answer, List.of(), kind);
  }

  @Test
  void theKindChoosesTheGrader() {
    try (Graders graders =
        new Graders(Map.of(Kind.MATH, MathGrader::new, Kind.OPTION, OptionGrader::new))) {
      assertTrue(graders.grade(problem(Kind.OPTION, "B"), "the answer is (B)").correct());
      assertTrue(graders.grade(problem(Kind.MATH, "025"), "\\boxed{25}").correct());
      assertTrue(!graders.grade(problem(Kind.MATH, "B"), "the answer is (B)").correct());
    }
  }

  @Test
  void aGraderIsMadeWhenItsFirstProblemComesAndClosedInTheEnd() {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    final class Closing implements Grader, AutoCloseable {
      @Override
      public Verdict grade(String gold, String response) {
        return new Verdict(true, response, "");
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    }
    try (Graders graders =
        new Graders(
            Map.of(
                Kind.MATH,
                MathGrader::new,
                Kind.CODE,
                () -> {
                  made.incrementAndGet();
                  return new Closing();
                }))) {
      graders.grade(problem(Kind.MATH, "1"), "\\boxed{1}");
      assertEquals(0, made.get());
      graders.grade(problem(Kind.CODE, "1"), "x");
      graders.grade(problem(Kind.CODE, "1"), "y");
      assertEquals(1, made.get());
      assertEquals(0, closed.get());
    }
    assertEquals(1, closed.get());
  }

  @Test
  void verdictsComeInTheOrderOfTheResponsesWhateverTheirTime() {
    CountDownLatch later = new CountDownLatch(1);
    Grader slowFirst =
        (gold, response) -> {
          try {
            if (response.equals("0") && Runtime.getRuntime().availableProcessors() > 1) {
              assertTrue(later.await(30, TimeUnit.SECONDS));
            }
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          later.countDown();
          return new Verdict(true, response, "");
        };
    List<Graders.Answered> responses = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      responses.add(new Graders.Answered(problem(Kind.CODE, "1"), "" + i));
    }
    try (Graders graders = new Graders(Map.of(Kind.CODE, () -> slowFirst))) {
      List<Verdict> verdicts = graders.grade(responses);
      for (int i = 0; i < 500; i++) {
        assertEquals("" + i, verdicts.get(i).extracted());
      }
    }
  }

  @Test
  void aGoldAnswerOfAnotherKindIsNamedWithItsProblem() {
    try (Graders graders = new Graders(Map.of(Kind.OPTION, OptionGrader::new))) {
      var responses = List.of(new Graders.Answered(problem(Kind.OPTION, "12"), "A"));
      DataException e = assertThrows(DataException.class, () -> graders.grade(responses));
      assertTrue(e.getMessage().startsWith("problem p7: expected an option's"), e.getMessage());
      DataException none =
          assertThrows(DataException.class, () -> graders.grade(problem(Kind.CODE, "1"), "x"));
      assertTrue(none.getMessage().contains("of kind code"), none.getMessage());
    }
  }

  @Test
  void aFaultOfAGraderIsNotTakenForBadInput() {
    Grader broken =
        (gold, response) -> {
          throw new IllegalArgumentException("fault");
        };
    try (Graders graders = new Graders(Map.of(Kind.MATH, () -> broken))) {
      var responses = List.of(new Graders.Answered(problem(Kind.MATH, "12"), "A"));
      assertThrows(IllegalStateException.class, () -> graders.grade(responses));
    }
  }
}
