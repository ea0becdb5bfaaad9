package org.etalon.data.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.data.prepare.Recipe.StepSpec;
import org.etalon.data.prepare.step.Context;
import org.etalon.data.prepare.step.Steps;

/**
 * The steps of package {@code step}.
 *
 * @param context what they need from outside
 */
public record FilterSteps(Context context) implements StepCatalog {
  @Override
  public Set<String> names() {
    return Steps.names();
  }

  @Override
  public Step make(StepSpec step) {
    try {
      return Steps.of(step.name(), step.options(), context);
    } catch (DataException e) {
      throw at(step, e);
    }
  }

  @Override
  public List<Path> files(StepSpec step) {
    try {
      return Steps.files(step.name(), step.options(), context.base());
    } catch (DataException e) {
      throw at(step, e);
    }
  }

  private static DataException at(StepSpec step, DataException e) {
    return new DataException(step.place() + ": " + e.getMessage(), e);
  }
}
