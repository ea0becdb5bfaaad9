package org.etalon.training.config;

import com.google.common.collect.ImmutableMap;
import org.etalon.data.grade.Graders;
import org.etalon.data.grade.MathGrader;
import org.etalon.data.grade.OptionGrader;
import org.etalon.data.grade.code.CodeGrader;
import org.etalon.data.grade.constraint.ConstraintGrader;
import org.etalon.data.problem.Kind;

/**
 * How responses are graded, by the probe, the signal phase and the evaluation alike. A problem's
 * kind chooses its grader.
 *
 * @param requireBoxed whether a response to a mathematical problem without {@code \boxed{…}} is
 *     wrong whatever it says
 */
public record GraderSettings(boolean requireBoxed) {
  /** Graders with these settings; the caller closes. */
  public Graders graders() {
    return new Graders(
        ImmutableMap.of(
            Kind.MATH,
            () -> new MathGrader(requireBoxed),
            Kind.OPTION,
            OptionGrader::new,
            Kind.CODE,
            () -> new CodeGrader(Runtime.getRuntime().availableProcessors()),
            Kind.CONSTRAINT,
            ConstraintGrader::new));
  }
}
