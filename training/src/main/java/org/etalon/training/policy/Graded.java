package org.etalon.training.policy;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.data.grade.Graders;
import org.etalon.data.grade.Verdict;
import org.etalon.data.problem.Problem;

/**
 * A problem with its graded responses: one group.
 *
 * <p>A response that its grader could not decide is neither right nor wrong: {@link #decided} is
 * the group without it, and that is what rewards and accuracies are computed from.
 *
 * @param problem what was asked
 * @param responses the samples
 * @param verdicts on each of them
 */
public record Graded(Problem problem, List<Response> responses, List<Verdict> verdicts) {
  private static final Verdict CUT = new Verdict(false, "", "cut at the length limit");

  public Graded {
    responses = ImmutableList.copyOf(responses);
    verdicts = ImmutableList.copyOf(verdicts);
    if (responses.size() != verdicts.size()) {
      throw new IllegalArgumentException(
          "each response needs a verdict, got "
              + responses.size()
              + " responses and "
              + verdicts.size()
              + " verdicts");
    }
  }

  /** Grades each problem's responses; a truncated response is wrong, whatever it says. */
  public static List<Graded> of(
      List<Problem> problems, List<List<Response>> responses, Graders graders) {
    List<Graders.Answered> whole = new ArrayList<>();
    for (int i = 0; i < problems.size(); i++) {
      for (Response response : responses.get(i)) {
        if (!response.truncated()) {
          whole.add(new Graders.Answered(problems.get(i), response.text()));
        }
      }
    }
    List<Verdict> verdicts = graders.grade(whole);
    List<Graded> graded = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < problems.size(); i++) {
      List<Verdict> own = new ArrayList<>();
      for (Response response : responses.get(i)) {
        own.add(response.truncated() ? CUT : verdicts.get(next++));
      }
      graded.add(new Graded(problems.get(i), responses.get(i), own));
    }
    return graded;
  }

  /**
   * The groups without the responses that could not be decided; a group that loses all of them is
   * left out.
   *
   * @throws DataException if none of all the responses could be decided: the grader is broken, and
   *     what would follow is no result
   */
  public static List<Graded> decided(List<Graded> groups) {
    List<Graded> decided =
        groups.stream().map(Graded::decided).filter(g -> !g.responses().isEmpty()).toList();
    if (decided.isEmpty() && !groups.isEmpty()) {
      throw new DataException(
          "none of the %d responses could be graded (%s); run etalon doctor, repair what it names and run again: finished work is kept"
              .formatted(undecided(groups), groups.get(0).verdicts().get(0).reason()));
    }
    return decided;
  }

  /** Responses of all groups that could not be decided. */
  public static int undecided(List<Graded> groups) {
    return (int)
        groups.stream().flatMap(g -> g.verdicts().stream()).filter(v -> !v.decided()).count();
  }

  /** This group without the responses that could not be decided; it may become empty. */
  public Graded decided() {
    List<Response> kept = new ArrayList<>();
    List<Verdict> own = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i).decided()) {
        kept.add(responses.get(i));
        own.add(verdicts.get(i));
      }
    }
    return new Graded(problem, kept, own);
  }

  /** Whether each response is right. */
  public boolean[] correct() {
    boolean[] correct = new boolean[verdicts.size()];
    for (int i = 0; i < correct.length; i++) {
      correct[i] = verdicts.get(i).correct();
    }
    return correct;
  }

  /** Number of right responses. */
  public int right() {
    return (int) verdicts.stream().filter(Verdict::correct).count();
  }

  /** Share of right responses, p_c. */
  public double accuracy() {
    return (double) right() / verdicts.size();
  }
}
