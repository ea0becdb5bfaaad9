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

  /** The same with other rows. */
  public TrainShape withRows(int other) {
    return new TrainShape(other, length, headChunk, recompute);
  }

  /** The same with rows of another length. */
  public TrainShape withLength(int other) {
    return new TrainShape(rows, other, headChunk, recompute);
  }

  /** The same with another chunk of the head. */
  public TrainShape withHeadChunk(int other) {
    return new TrainShape(rows, length, other, recompute);
  }

  /** The same with another choice of what is computed again. */
  public TrainShape withRecompute(Recompute other) {
    return new TrainShape(rows, length, headChunk, other);
  }

  /** M, positions of all rows. */
  long positions() {
    return (long) rows * length;
  }
}
