package org.etalon.data.source;

import com.google.common.collect.ImmutableList;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;

/**
 * The problems of one file of any known layout, in its order and in constant memory. Rows that have
 * no answer to check are passed over and counted; ids are not compared.
 */
public final class ProblemSource implements Closeable {
  private final Rows rows;
  private final Layout layout;
  private Row pending;
  private Row last;
  private long withoutAnswer;

  private ProblemSource(Rows rows, Layout layout, Row first) {
    this.rows = rows;
    this.layout = layout;
    this.pending = first;
  }

  /**
   * Opens a file.
   *
   * @throws DataException if it cannot be read, is empty or does not fit the layout
   */
  public static ProblemSource open(Path file, Layout layout) {
    Rows rows = Rows.open(file);
    try {
      Row first = rows.next();
      if (first == null) {
        throw new DataException(file + ": expected at least one problem, got an empty file");
      }
      return new ProblemSource(rows, layout.fitting(first), first);
    } catch (DataException e) {
      rows.close();
      throw e;
    }
  }

  /**
   * All problems of a file.
   *
   * @throws DataException as {@link #open} and {@link #next}, or if no row has a problem
   */
  public static List<Problem> readAll(Path file, Layout layout) {
    ImmutableList.Builder<Problem> problems = ImmutableList.builder();
    try (ProblemSource source = open(file, layout)) {
      for (Problem problem = source.next(); problem != null; problem = source.next()) {
        problems.add(problem);
      }
    }
    List<Problem> all = problems.build();
    if (all.isEmpty()) {
      throw new DataException(file + ": expected at least one problem with an answer, got none");
    }
    return all;
  }

  /**
   * The next problem, or null at the end.
   *
   * @throws DataException naming the place of a row that cannot be used; reading may go on after it
   */
  public Problem next() {
    while (true) {
      last = pending == null ? rows.next() : pending;
      pending = null;
      if (last == null) {
        return null;
      }
      Mapped mapped = layout.map(last);
      if (mapped.problem().isPresent()) {
        return mapped.problem().get();
      }
      withoutAnswer++;
    }
  }

  /** Place of the row that {@link #next} looked at last. */
  public String place() {
    return last.place();
  }

  /** The layout in use, detected if it was not named. */
  public String layout() {
    return layout.name();
  }

  /** Rows passed over so far because they have no answer to check. */
  public long withoutAnswer() {
    return withoutAnswer;
  }

  @Override
  public void close() {
    rows.close();
  }
}
