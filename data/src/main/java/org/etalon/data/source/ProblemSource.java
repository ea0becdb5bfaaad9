package org.etalon.data.source;

import com.google.common.collect.ImmutableList;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.data.problem.FingerprintTable;
import org.etalon.data.problem.FingerprintTable.Fingerprint;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;

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
   * A problem set of any layout: Etalon's own lines exactly as {@link ProblemFile#read} has them,
   * other files by the layout their columns tell. Ids are unique.
   *
   * @param needsTraces whether a problem without a trace is refused
   * @param seed of the order in which the options of multiple-choice questions are shown
   * @throws DataException naming the place of what cannot be used, or a repeated id
   */
  public static List<Problem> readSet(Path file, boolean needsTraces, long seed) {
    if (isOwn(file, seed)) {
      return needsTraces ? ProblemFile.readWithTraces(file) : ProblemFile.read(file);
    }
    List<Problem> problems = readAll(file, Layouts.auto(seed));
    var seen = new FingerprintTable();
    for (Problem problem : problems) {
      if (seen.putIfAbsent(Fingerprint.of(problem.id()), seen.size()) >= 0) {
        throw new DataException(
            file + ": id \"" + problem.id() + "\" stands twice; run etalon prepare over it first");
      }
      if (needsTraces && problem.traces().isEmpty()) {
        throw new DataException(
            "%s: problem %s has no trace to distil from; run etalon prepare over the file first"
                .formatted(file, problem.id()));
      }
    }
    return problems;
  }

  private static boolean isOwn(Path file, long seed) {
    try (Rows rows = Rows.open(file)) {
      return rows instanceof LineRows && startsAsOwn(rows, seed);
    }
  }

  private static boolean startsAsOwn(Rows rows, long seed) {
    try {
      Row first = rows.next();
      return first == null || Layouts.auto(seed).fitting(first) instanceof EtalonLayout;
    } catch (DataException e) {
      // What is no known layout is read as Etalon's own, whose complaint names the field.
      return true;
    }
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
