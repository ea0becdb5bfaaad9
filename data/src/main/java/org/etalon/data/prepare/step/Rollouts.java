package org.etalon.data.prepare.step;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;

/**
 * How often a model solved each problem, from the samples that it wrote. Takes 30 to 60 bytes a
 * problem, whatever the number and length of its responses.
 */
public final class Rollouts {
  private final IdTable ids = new IdTable();
  private int[] right = new int[64];
  private int[] judged = new int[64];

  /**
   * What came of a problem's rollouts.
   *
   * @param right how many were right
   * @param judged how many were judged, at least 1
   */
  public record Accuracy(int right, int judged) {
    public Accuracy {
      if (judged < 1 || right < 0 || right > judged) {
        throw new DataException(
            "expected 1 rollout or more of which some are right, got " + right + " of " + judged);
      }
    }

    /** p_c = right / judged. */
    public double rate() {
      return (double) right / judged;
    }

    @Override
    public String toString() {
      return right + "/" + judged;
    }
  }

  /** No rollouts yet. */
  public Rollouts() {}

  /**
   * Reads files of JSON lines with at least {@code id} (a string) and {@code correct} (a boolean),
   * as {@code etalon eval} and the signal phase write them. A rollout whose {@code correct} is null
   * was not judged and does not count.
   *
   * @throws DataException naming file, line and field of what cannot be used, or a file without a
   *     line
   */
  public static Rollouts read(List<Path> files) {
    Rollouts rollouts = new Rollouts();
    for (Path file : files) {
      long[] lines = new long[1];
      ResponseLine.read(
          file,
          line -> {
            lines[0]++;
            rollouts.add(line);
          });
      if (lines[0] == 0) {
        throw new DataException(
            file + ": expected at least one rollout, got an empty file; sample the problems first");
      }
    }
    return rollouts;
  }

  private void add(ResponseLine line) {
    if (!line.judged()) {
      throw new DataException(
          line.place() + ": field \"correct\": expected true or false, got no such field");
    }
    line.correct().ifPresent(correct -> add(line.id(), correct));
  }

  /** Counts one judged rollout. */
  public void add(String id, boolean correct) {
    int at = ids.add(id);
    if (at == right.length) {
      right = Arrays.copyOf(right, at * 2);
      judged = Arrays.copyOf(judged, at * 2);
    }
    judged[at]++;
    right[at] += correct ? 1 : 0;
  }

  /** How many problems have rollouts. */
  public int size() {
    return ids.size();
  }

  /** What came of the rollouts of a problem; empty if none was judged. */
  public Optional<Accuracy> of(String id) {
    int at = ids.find(id);
    return at < 0 ? Optional.empty() : Optional.of(new Accuracy(right[at], judged[at]));
  }
}
