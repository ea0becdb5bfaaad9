package org.etalon.graph.decode;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * How rows of a cache are overwritten. The cache is one matrix [R, H] with R = S·K·C rows in the
 * order (slot, head, position), so that one new position is S·K rows and reading needs no
 * transpose.
 */
public enum CacheWrite {
  /** Overwrites the buffer itself: no copy. Read the cache through the result only. */
  IN_PLACE,
  /** A functional update that XLA turns into an in-place one. */
  SCATTER;

  /**
   * The cache with some rows replaced.
   *
   * @param rows indices of rows, each at most once
   * @param values_rH new rows
   */
  public Operand<TFloat32> apply(
      Ops tf, Operand<TFloat32> cache_RH, Operand<TInt32> rows, Operand<TFloat32> values_rH) {
    return switch (this) {
      case IN_PLACE -> tf.inplaceUpdate(cache_RH, rows, values_rH);
      case SCATTER ->
          tf.tensorScatterNdUpdate(cache_RH, tf.expandDims(rows, tf.constant(1)), values_rH);
    };
  }
}
