package org.etalon.training.bench.gpu;

import java.util.Arrays;
import org.etalon.graph.program.TokenBatch;

/** Batches whose tokens are a formula: one document a row, every position counts. */
final class Batches {
  private Batches() {}

  /** Token at position {@code t} of row {@code r}. */
  static int token(int r, int t, int vocabulary) {
    return (int) ((r * 15_485_863L + t * 7919L + (long) t * t % 977) % vocabulary);
  }

  static TokenBatch of(int rows, int length, int vocabulary) {
    int size = rows * length;
    int[] ids = new int[size];
    int[] targets = new int[size];
    int[] positions = new int[size];
    int[] segments = new int[size];
    float[] weights = new float[size];
    Arrays.fill(segments, 1);
    Arrays.fill(weights, 1f / size);
    for (int r = 0; r < rows; r++) {
      for (int t = 0; t < length; t++) {
        int at = r * length + t;
        ids[at] = token(r, t, vocabulary);
        targets[at] = token(r, t + 1, vocabulary);
        positions[at] = t;
      }
    }
    return new TokenBatch(rows, length, ids, targets, positions, segments, weights);
  }
}
