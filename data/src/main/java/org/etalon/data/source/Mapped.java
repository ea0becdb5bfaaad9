package org.etalon.data.source;

import java.util.Optional;
import org.etalon.data.problem.Problem;

/**
 * What a row gives.
 *
 * @param problem empty if the row is sound but has nothing a grader could check, e.g. a proof
 * @param lack why there is no problem, a few fixed words; empty if there is one
 */
public record Mapped(Optional<Problem> problem, String lack) {
  static Mapped of(Problem problem) {
    return new Mapped(Optional.of(problem), "");
  }

  static Mapped without(String lack) {
    return new Mapped(Optional.empty(), lack);
  }
}
