package org.etalon.graph.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Empty;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** How rows of a large tensor, its entries along dimension 0, are overwritten. */
public enum RowWrite {
  /** Overwrites the buffer itself: no copy. Read the tensor through the result only. */
  IN_PLACE,
  /** A functional update that XLA turns into an in-place one. */
  SCATTER;

  /**
   * The way that suits kernels, or XLA.
   *
   * @param compiled whether the nodes go into a function that XLA compiles
   */
  public static RowWrite of(boolean compiled) {
    return compiled ? SCATTER : IN_PLACE;
  }

  /**
   * The tensor with some rows replaced.
   *
   * @param rows indices of rows, each at most once
   * @param values new rows
   */
  public <T extends TType> Operand<T> apply(
      Ops tf, Operand<T> tensor, Operand<TInt32> rows, Operand<T> values) {
    return switch (this) {
      case IN_PLACE -> tf.inplaceUpdate(tensor, rows, values);
      case SCATTER -> tf.tensorScatterNdUpdate(tensor, tf.expandDims(rows, tf.constant(1)), values);
    };
  }

  /**
   * The tensor with one row replaced.
   *
   * @param index a scalar
   */
  public <T extends TType> Operand<T> one(
      Ops tf, Operand<T> tensor, Operand<TInt32> index, Operand<T> row) {
    var first = tf.constant(0);
    return apply(tf, tensor, tf.expandDims(index, first), tf.expandDims(row, first));
  }

  /**
   * The tensor with values added to some rows.
   *
   * @param rows indices of rows, each at most once
   */
  Operand<TFloat32> add(
      Ops tf, Operand<TFloat32> tensor, Operand<TInt32> rows, Operand<TFloat32> values) {
    return switch (this) {
      case IN_PLACE -> tf.inplaceAdd(tensor, rows, values);
      case SCATTER -> tf.tensorScatterNdAdd(tensor, tf.expandDims(rows, tf.constant(1)), values);
    };
  }

  /** Zeros to be written over: a buffer of its own, never one that an equal node shares. */
  Operand<TFloat32> zeros(Ops tf, int... shape) {
    return switch (this) {
      case IN_PLACE -> tf.empty(tf.constant(shape), TFloat32.class, Empty.init(true));
      case SCATTER -> tf.fill(tf.constant(shape), tf.constant(0f));
    };
  }
}
