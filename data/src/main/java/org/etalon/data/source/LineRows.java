package org.etalon.data.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.etalon.data.problem.ProblemFile;
import org.etalon.data.problem.Utf8Lines;

/** JSON lines. Blank lines at the end are tolerated; another one is a row without an object. */
final class LineRows implements Rows {
  private final Path file;
  private final Utf8Lines lines;
  private Row pending;

  LineRows(Path file) {
    this.file = file;
    this.lines = new Utf8Lines(file);
  }

  @Override
  public Row next() {
    if (pending != null) {
      Row row = pending;
      pending = null;
      return row;
    }
    Row row = read();
    if (row == null || !ProblemFile.isBlank(row.json())) {
      return row;
    }
    Row blank = row;
    while (row != null && ProblemFile.isBlank(row.json())) {
      row = read();
    }
    pending = row;
    return row == null ? null : blank;
  }

  private Row read() {
    byte[] line = lines.nextBytes();
    return line == null ? null : new Row(file, true, lines.number(), line);
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
