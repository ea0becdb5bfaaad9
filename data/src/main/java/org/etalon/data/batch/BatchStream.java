package org.etalon.data.batch;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.etalon.data.DataException;

/**
 * Endless batches over examples: every epoch is shuffled by (seed, epoch), packed, and holds each
 * example once.
 *
 * <p>Epochs follow each other without a gap: the batch that takes the last rows of one epoch is
 * filled up with the first rows of the next. Rows are planned a window at a time (Our choice: 1024
 * examples): packing wants long and short examples together, shuffling wants to spread them, and
 * within such a window both come out. A stream built from the same examples, packer and seed and
 * moved to a saved {@link Position} goes on with exactly the batches the first one would have made.
 */
public final class BatchStream {
  private static final int WINDOW = 1024;

  /**
   * Where a stream stands: the first row of the next batch.
   *
   * @param epoch from 0
   * @param row row of that epoch's plan, from 0
   * @param fingerprint of the examples, packer and seed the position belongs to
   */
  public record Position(int epoch, int row, long fingerprint) {}

  private final ImmutableList<Example> examples;
  private final Packer packer;
  private final long seed;
  private final long fingerprint;
  private int epoch;
  private int row;
  private List<int[]> plan;

  /**
   * A stream that starts at the first epoch.
   *
   * @throws DataException if no example is left, or one is too long and the packer refuses it
   */
  public BatchStream(List<Example> examples, Packer packer, long seed) {
    this.examples = ImmutableList.copyOf(examples);
    this.packer = packer;
    this.seed = seed;
    this.fingerprint = fingerprint(examples, packer, seed);
    this.plan = planEpoch(0);
    if (plan.isEmpty()) {
      throw new DataException(
          "expected at least one example that fits in "
              + packer.length()
              + " tokens, got none of "
              + examples.size()
              + "; add examples or make rows longer");
    }
  }

  /** The next batch. */
  public PackedBatch next() {
    List<int[]> rows = new ArrayList<>(packer.rows());
    while (rows.size() < packer.rows()) {
      rows.add(plan.get(row));
      row++;
      if (row == plan.size()) {
        epoch++;
        row = 0;
        plan = planEpoch(epoch);
      }
    }
    return packer.fill(examples, rows);
  }

  /** Where {@link #next} will read from. */
  public Position position() {
    return new Position(epoch, row, fingerprint);
  }

  /**
   * Moves to a saved position.
   *
   * @throws DataException if it was saved by a stream over other examples, packing or seed
   */
  public void seek(Position position) {
    if (position.fingerprint() != fingerprint) {
      throw new DataException(
          "the saved data position belongs to other examples, another batch shape or another seed;"
              + " resume with the data and configuration it was saved with");
    }
    List<int[]> target = position.epoch() < 0 ? List.of() : planEpoch(position.epoch());
    if (position.row() < 0 || position.row() >= target.size()) {
      throw new DataException("the saved data position " + position + " is damaged");
    }
    epoch = position.epoch();
    row = position.row();
    plan = target;
  }

  /** Batches that one epoch makes, rounded up; a little different from epoch to epoch if packed. */
  public int batchesPerEpoch() {
    return (plan.size() + packer.rows() - 1) / packer.rows();
  }

  /** Epochs consumed so far, e.g. 1.5 in the middle of the second. */
  public double epochs() {
    return epoch + (double) row / plan.size();
  }

  /** Examples left out because no row can hold them. */
  public int dropped() {
    return packer.dropped(examples);
  }

  private List<int[]> planEpoch(int number) {
    Random random =
        new Random(Hashing.sipHash24().newHasher().putLong(seed).putInt(number).hash().asLong());
    int[] order = new int[examples.size()];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    List<int[]> rows = new ArrayList<>();
    for (int from = 0; from < order.length; from += WINDOW) {
      int to = Math.min(from + WINDOW, order.length);
      // First-fit decreasing puts the longest rows first; shuffling undoes that order.
      List<int[]> window =
          new ArrayList<>(packer.plan(examples, Arrays.copyOfRange(order, from, to)));
      Collections.shuffle(window, random);
      rows.addAll(window);
    }
    return rows;
  }

  private static long fingerprint(List<Example> examples, Packer packer, long seed) {
    Hasher hasher = Hashing.sipHash24().newHasher();
    hasher
        .putLong(seed)
        .putInt(packer.rows())
        .putInt(packer.length())
        .putInt(packer.padId())
        .putUnencodedChars(packer.layout().name())
        .putUnencodedChars(packer.tooLong().name());
    for (Example example : examples) {
      hasher.putInt(example.promptLength()).putInt(example.length());
      for (int id : example.ids()) {
        hasher.putInt(id);
      }
    }
    return hasher.hash().asLong();
  }
}
