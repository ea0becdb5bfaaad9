package org.etalon.data.batch;

import java.util.Arrays;
import org.etalon.data.DataException;

/**
 * B rows of T tokens, each row holding one or more documents and then padding; all arrays are flat
 * and row-major, {@code [B·T]}.
 *
 * @param rows B
 * @param length T, in tokens
 * @param ids token ids; the padding id after the last document of a row
 * @param targets the next token of the same document, 0 where there is none
 * @param mask 1 where the target is a response token, else 0: prompts, document ends and padding
 *     are not trained on
 * @param positions 0, 1, 2 … from the start of each document; 0 in padding
 * @param segments 1, 2, 3 … for the documents of a row, 0 in padding; a token attends to tokens of
 *     its own segment only
 */
@SuppressWarnings("ArrayRecordComponent")
public record PackedBatch(
    int rows, int length, int[] ids, int[] targets, float[] mask, int[] positions, int[] segments) {
  public PackedBatch {
    int size = rows * length;
    if (ids.length != size
        || targets.length != size
        || mask.length != size
        || positions.length != size
        || segments.length != size) {
      throw new DataException(
          "expected arrays of " + rows + "×" + length + " tokens, got " + ids.length + " ids");
    }
  }

  /** Documents in all rows. */
  public int documents() {
    int count = 0;
    for (int i = 0; i < segments.length; i++) {
      boolean first = i % length == 0;
      if (segments[i] != 0 && (first || segments[i] != segments[i - 1])) {
        count++;
      }
    }
    return count;
  }

  /** Tokens that are not padding. */
  public int tokens() {
    int count = 0;
    for (int segment : segments) {
      count += segment == 0 ? 0 : 1;
    }
    return count;
  }

  /** Tokens that are trained on: the sum of the mask. */
  public int trainedTokens() {
    int count = 0;
    for (float m : mask) {
      count += m == 0 ? 0 : 1;
    }
    return count;
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive), copied: a micro-batch. */
  public PackedBatch slice(int from, int to) {
    if (from < 0 || to > rows || from >= to) {
      throw new DataException("expected rows within 0 to " + rows + ", got " + from + " to " + to);
    }
    int a = from * length;
    int b = to * length;
    return new PackedBatch(
        to - from,
        length,
        Arrays.copyOfRange(ids, a, b),
        Arrays.copyOfRange(targets, a, b),
        Arrays.copyOfRange(mask, a, b),
        Arrays.copyOfRange(positions, a, b),
        Arrays.copyOfRange(segments, a, b));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PackedBatch that
        && rows == that.rows
        && length == that.length
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(targets, that.targets)
        && Arrays.equals(mask, that.mask)
        && Arrays.equals(positions, that.positions)
        && Arrays.equals(segments, that.segments);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(ids) + Arrays.hashCode(segments);
  }

  @Override
  public String toString() {
    return "PackedBatch["
        + rows
        + "×"
        + length
        + ", "
        + documents()
        + " documents, "
        + tokens()
        + " tokens, "
        + trainedTokens()
        + " trained]";
  }
}
