package org.etalon.data.batch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.etalon.data.DataException;

/**
 * Lays examples out in batches of a fixed shape.
 *
 * @param rows B, rows of a batch
 * @param length T, tokens of a row
 * @param padId what fills the rest of a row
 * @param layout several documents in a row, or one
 * @param tooLong what becomes of an example longer than a row
 */
public record Packer(int rows, int length, int padId, Layout layout, TooLong tooLong) {
  /** How documents share rows. */
  public enum Layout {
    /** As many documents as fit; the masks keep them apart. */
    PACKED,
    /** One document, then padding. */
    ONE_PER_ROW
  }

  /** What becomes of an example that no row can hold. */
  public enum TooLong {
    /** An error that names it. */
    REFUSE,
    /** It is left out; {@link #dropped} counts it. */
    DROP
  }

  public Packer {
    if (rows < 1 || length < 2) {
      throw new DataException(
          "expected batches of at least 1 row and 2 tokens, got " + rows + "×" + length);
    }
  }

  /**
   * All examples in order, in as many batches as they need; rows left over in the last batch are
   * empty, i.e. padding only.
   *
   * @throws DataException if an example is too long and {@link TooLong#REFUSE} is set
   */
  public List<PackedBatch> pack(List<Example> examples) {
    List<int[]> plan = plan(examples, IntStream.range(0, examples.size()).toArray());
    List<PackedBatch> batches = new ArrayList<>();
    for (int from = 0; from < plan.size(); from += rows) {
      batches.add(fill(examples, plan.subList(from, Math.min(from + rows, plan.size()))));
    }
    return batches;
  }

  /** How many of these examples are longer than a row. */
  public int dropped(List<Example> examples) {
    return (int) examples.stream().filter(example -> example.length() > length).count();
  }

  /**
   * Which examples share a row: first-fit decreasing over the given ones. Ties keep the given
   * order, so the plan depends on nothing else.
   *
   * @param order indices into {@code examples}
   * @return for each row, indices into {@code examples}
   */
  List<int[]> plan(List<Example> examples, int[] order) {
    List<Integer> fitting = new ArrayList<>();
    for (int index : order) {
      if (examples.get(index).length() <= length) {
        fitting.add(index);
      } else if (tooLong == TooLong.REFUSE) {
        throw new DataException(
            "example "
                + index
                + " has "
                + examples.get(index).length()
                + " tokens, a row holds "
                + length
                + "; make rows longer or choose to drop long examples");
      }
    }
    if (layout == Layout.ONE_PER_ROW) {
      return fitting.stream().map(index -> new int[] {index}).toList();
    }
    fitting.sort(Comparator.comparingInt(index -> -examples.get(index).length()));
    List<List<Integer>> open = new ArrayList<>();
    List<Integer> room = new ArrayList<>();
    for (int index : fitting) {
      int need = examples.get(index).length();
      int row = 0;
      while (row < open.size() && room.get(row) < need) {
        row++;
      }
      if (row == open.size()) {
        open.add(new ArrayList<>());
        room.add(length);
      }
      open.get(row).add(index);
      room.set(row, room.get(row) - need);
    }
    return open.stream().map(row -> row.stream().mapToInt(i -> i).toArray()).toList();
  }

  /** One batch from at most B planned rows. */
  PackedBatch fill(List<Example> examples, List<int[]> plan) {
    int size = Math.multiplyExact(rows, length);
    PackedBatch batch =
        new PackedBatch(
            rows,
            length,
            new int[size],
            new int[size],
            new float[size],
            new int[size],
            new int[size]);
    for (int row = 0; row < rows; row++) {
      int at = row * length;
      if (row < plan.size()) {
        int segment = 1;
        for (int index : plan.get(row)) {
          Example example = examples.get(index);
          place(example, segment++, at, batch);
          at += example.length();
        }
      }
      Arrays.fill(batch.ids(), at, (row + 1) * length, padId);
    }
    return batch;
  }

  private static void place(Example example, int segment, int at, PackedBatch batch) {
    int[] ids = example.ids();
    for (int i = 0; i < ids.length; i++) {
      batch.ids()[at + i] = ids[i];
      batch.positions()[at + i] = i;
      batch.segments()[at + i] = segment;
      if (i + 1 < ids.length) {
        batch.targets()[at + i] = ids[i + 1];
        batch.mask()[at + i] = i + 1 >= example.promptLength() ? 1 : 0;
      }
    }
  }
}
