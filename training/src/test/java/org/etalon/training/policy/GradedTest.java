package org.etalon.training.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.grade.Grader;
import org.etalon.data.grade.Graders;
import org.etalon.data.grade.Verdict;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.etalon.graph.rollout.Completion;
import org.junit.jupiter.api.Test;

class GradedTest {
  /** Right is "yes"; of "?" it cannot tell. */
  private static final Grader SOMETIMES =
      (gold, response) ->
          response.equals("?")
              ? Verdict.undecided("", "no sandbox")
              : new Verdict(response.equals("yes"), response, "read");

  private static List<Graded> grade(String... groups) {
    List<Problem> problems = new ArrayList<>();
    List<List<Response>> responses = new ArrayList<>();
    for (String group : groups) {
      problems.add(new Problem("p" + group, "code", "?", "gold", List.of(), Kind.CODE));
      List<Response> own = new ArrayList<>();
      for (String text : Splitter.on(' ').split(group)) {
        boolean cut = text.startsWith("cut-");
        var finish = cut ? Completion.Finish.LENGTH : Completion.Finish.STOP;
        var completion = new Completion(new int[] {1}, new float[] {0}, finish);
        own.add(new Response(new int[] {1}, completion, text.replace("cut-", "")));
      }
      responses.add(own);
    }
    try (Graders graders = new Graders(Map.of(Kind.CODE, () -> SOMETIMES))) {
      return Graded.of(problems, responses, graders);
    }
  }

  @Test
  void verdictsStandBesideTheirResponses() {
    List<Graded> graded = grade("yes no cut-yes", "no yes");
    assertArrayEquals(new boolean[] {true, false, false}, graded.get(0).correct());
    assertArrayEquals(new boolean[] {false, true}, graded.get(1).correct());
    assertEquals("cut at the length limit", graded.get(0).verdicts().get(2).reason());
    assertEquals(graded, Graded.decided(graded));
  }

  @Test
  void anUndecidedResponseIsNeitherRightNorWrong() {
    List<Graded> graded = grade("yes ? no yes", "? ?", "? cut-?");
    assertEquals(4, Graded.undecided(graded));
    List<Graded> decided = Graded.decided(graded);
    assertEquals(2, decided.size(), "the second group is gone");
    assertEquals(3, decided.get(0).responses().size());
    assertEquals(2.0 / 3, decided.get(0).accuracy());
    assertEquals("no", decided.get(0).responses().get(1).text());
    assertEquals(1, decided.get(1).responses().size(), "what was cut needs no grader");
  }

  @Test
  void nothingDecidedStopsWithTheReasonAndTheRemedy() {
    List<Graded> graded = grade("? ?", "?");
    DataException e = assertThrows(DataException.class, () -> Graded.decided(graded));
    assertTrue(e.getMessage().contains("none of the 3 responses"), e.getMessage());
    assertTrue(e.getMessage().contains("no sandbox"), e.getMessage());
    assertTrue(e.getMessage().contains("etalon doctor"), e.getMessage());
  }
}
