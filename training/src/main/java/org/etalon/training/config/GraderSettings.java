package org.etalon.training.config;

import org.etalon.data.grade.Grader;
import org.etalon.data.grade.MathGrader;

/**
 * How responses are graded, by the probe, the signal phase and the evaluation alike.
 *
 * @param requireBoxed whether a response without {@code \boxed{…}} is wrong whatever it says
 */
public record GraderSettings(boolean requireBoxed) {
  /** The grader with these settings. */
  public Grader grader() {
    return new MathGrader(requireBoxed);
  }
}
