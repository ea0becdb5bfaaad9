package org.etalon.graph.plan;

import org.etalon.graph.model.Recompute;

/**
 * The shape of one forward and backward pass.
 *
 * @param rows B, of a micro-batch
 * @param length T, positions of a row
 * @param headChunk positions whose logits are held at a time
 * @param recompute what the backward pass computes again
 */
public record TrainShape(int rows, int length, int headChunk, Recompute recompute) {
  public TrainShape {
    if (rows < 1 || length < 1 || headChunk < 1) {
      throw new IllegalArgumentException(
          "a pass needs at least 1 row, 1 position and a head chunk of 1, got %d, %d, %d"
              .formatted(rows, length, headChunk));
    }
  }

  /** M, positions of all rows. */
  long positions() {
    return (long) rows * length;
  }
}
