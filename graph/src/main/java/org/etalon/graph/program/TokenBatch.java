package org.etalon.graph.program;

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
 * @param weights what each position's loss counts: mask over normaliser
 */
public record TokenBatch(
    int rows,
    int length,
    int[] ids,
    int[] targets,
    int[] positions,
    int[] segments,
    float[] weights) {
  public TokenBatch {
    int size = rows * length;
    for (int got :
        List.of(ids.length, targets.length, positions.length, segments.length, weights.length)) {
      if (got != size) {
        throw new IllegalArgumentException(
            "a batch of " + rows + " × " + length + " needs " + size + " values, got " + got);
      }
    }
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
   * Refuses ids outside the vocabulary: a gather would read them as zeros or fail without a name.
   */
  void check(int vocabulary) {
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
