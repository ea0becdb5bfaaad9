package org.etalon.data.prepare;

import com.google.common.collect.ImmutableMap;
import org.etalon.data.decontaminate.Decontaminator;
import org.etalon.data.problem.Problem;

/**
 * Drops every problem that shares a run of words with an evaluation problem. Paper: P1 §3.5.
 *
 * @param decontaminator knows the evaluation problems
 */
public record DecontaminateStep(Decontaminator decontaminator) implements Step {
  @Override
  public Result apply(Problem problem) {
    return decontaminator
        .check(problem)
        .map(
            overlap ->
                Result.dropped(
                    new Note(
                        overlap.field(),
                        "overlaps with evaluation",
                        ImmutableMap.of(
                            "evaluation", overlap.evaluationId(), "words", overlap.gram()))))
        .orElseGet(() -> Result.kept(problem));
  }

  @Override
  public boolean isStateless() {
    return true;
  }
}
