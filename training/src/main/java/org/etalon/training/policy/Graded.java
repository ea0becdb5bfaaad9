package org.etalon.training.policy;

import java.util.ArrayList;
import java.util.List;
import org.etalon.data.grade.Grader;
import org.etalon.data.problem.Problem;

/**
 * A problem with its graded responses: one group.
 *
 * @param problem what was asked
 * @param responses the samples
 * @param correct binary verdict of each; a truncated response is never right
 */
public record Graded(Problem problem, List<Response> responses, boolean[] correct) {
  /** Grades each problem's responses. */
  public static List<Graded> of(
      List<Problem> problems, List<List<Response>> responses, Grader grader) {
    List<Graded> graded = new ArrayList<>();
    for (int i = 0; i < problems.size(); i++) {
      Problem problem = problems.get(i);
      List<Response> group = responses.get(i);
      boolean[] correct = new boolean[group.size()];
      for (int s = 0; s < correct.length; s++) {
        Response response = group.get(s);
        correct[s] =
            !response.truncated() && grader.grade(problem.answer(), response.text()).correct();
      }
      graded.add(new Graded(problem, group, correct));
    }
    return graded;
  }

  /** Number of right responses. */
  public int right() {
    int right = 0;
    for (boolean c : correct) {
      right += c ? 1 : 0;
    }
    return right;
  }

  /** Share of right responses, p_c. */
  public double accuracy() {
    return (double) right() / correct.length;
  }
}
