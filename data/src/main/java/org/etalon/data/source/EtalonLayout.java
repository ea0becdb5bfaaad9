package org.etalon.data.source;

import org.etalon.data.DataException;
import org.etalon.data.problem.ProblemFile;
import org.etalon.data.problem.ProblemLine;

/** Etalon's own lines, as strictly as {@link ProblemFile} reads them. */
record EtalonLayout() implements Layout {
  static final String NAME = "etalon";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Layout fitting(Row first) {
    return this;
  }

  @Override
  public Mapped map(Row row) {
    if (ProblemFile.isBlank(row.json())) {
      throw new DataException(
          row.place() + ": expected a JSON object, got a blank line; remove the line");
    }
    return Mapped.of(ProblemLine.parse(row.json(), row.place(), row.defaultId()));
  }
}
