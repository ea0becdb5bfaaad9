package org.etalon.graph.program;

import java.util.Arrays;
import java.util.List;

/**
 * One batch for training or scoring: flat row-major arrays of {@code rows} × {@code length}.
 *
 * @param rows B
 * @param length T, tokens per row
 * @param ids token ids
 * @param targets id each position predicts; any id where its weight is 0
 * @param positions position of each token within its document
 * @param segments document number of each token in its row; padding has one of its own
 * @param prefixes number of the document that a token sees in full before its own, such as the
 *     prompt that several responses share; its own number where there is none
 * @param weights what each position's loss counts: mask over normaliser
 */
public record TokenBatch(
    int rows,
    int length,
    int[] ids,
    int[] targets,
    int[] positions,
    int[] segments,
    int[] prefixes,
    float[] weights) {
  public TokenBatch {
    int size = rows * length;
    for (int got :
        List.of(
            ids.length,
            targets.length,
            positions.length,
            segments.length,
            prefixes.length,
            weights.length)) {
      if (got != size) {
        throw new IllegalArgumentException(
            "a batch of " + rows + " × " + length + " needs " + size + " values, got " + got);
      }
    }
  }

  /** A batch whose documents share no prefixes. */
  public TokenBatch(
      int rows,
      int length,
      int[] ids,
      int[] targets,
      int[] positions,
      int[] segments,
      float[] weights) {
    this(rows, length, ids, targets, positions, segments, segments, weights);
  }

  /** Whether a document has a prefix. */
  boolean sharesPrefixes() {
    return !Arrays.equals(segments, prefixes);
  }

  /** Whether nothing counts that lies behind the first document of its row. */
  boolean countsOneDocumentARow() {
    for (int i = 0; i < segments.length; i++) {
      if (weights[i] != 0 && segments[i] != segments[i / length * length]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Refuses ids outside the vocabulary, which a gather would read as zeros or fail on without a
   * name, and prefixes that are not where attention looks for them.
   */
  void check(int vocabulary) {
    checkIds(vocabulary);
    if (sharesPrefixes()) {
      for (int row = 0; row < rows; row++) {
        checkPrefixes(row);
      }
    }
  }

  private void checkPrefixes(int row) {
    boolean[] ended = new boolean[length + 1];
    for (int i = row * length; i < (row + 1) * length; i++) {
      int own = segments[i];
      int prefix = prefixes[i];
      boolean numbered = own >= 0 && own <= length && prefix >= 0 && prefix <= length;
      if (!numbered || ended[own] || (prefix != own && !ended[prefix])) {
        throw new IllegalArgumentException(
            ("row %d, position %d: document %d with prefix %d; where documents share prefixes, each"
                    + " lies in one piece behind its prefix and has a number of its own from 0 to"
                    + " %d")
                .formatted(row, i - row * length, own, prefix, length));
      }
      if (i + 1 < (row + 1) * length && segments[i + 1] != own) {
        ended[own] = true;
      }
    }
  }

  private void checkIds(int vocabulary) {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary || targets[i] < 0 || targets[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "token id "
                + (ids[i] < 0 || ids[i] >= vocabulary ? ids[i] : targets[i])
                + " at row "
                + i / length
                + ", position "
                + i % length
                + " is outside the vocabulary of "
                + vocabulary
                + "; use the model's own tokenizer");
      }
    }
  }
}
