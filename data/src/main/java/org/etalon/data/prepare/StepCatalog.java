package org.etalon.data.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Recipe.StepSpec;
import org.etalon.data.problem.Problem;

/** Makes the steps of recipes. */
public interface StepCatalog {
  /** The steps it makes. */
  Set<String> names();

  /**
   * Makes a step for one stream.
   *
   * @throws DataException naming an option and what was expected, or a file that cannot be read
   */
  Step make(StepSpec step);

  /** A step that must look at the whole stream first; empty for the others. */
  default Optional<Survey> survey(StepSpec step) {
    return Optional.empty();
  }

  /** The files that a step reads, so that a change of one is noticed. */
  List<Path> files(StepSpec step);

  /** A first reading of the stream, on whose result a step decides in later ones. */
  interface Survey {
    /** Looks at the next problem. */
    void look(Problem problem);

    /** A step over one more reading of the same stream. */
    Step step();
  }
}
