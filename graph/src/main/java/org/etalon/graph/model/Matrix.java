package org.etalon.graph.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A weight matrix of O outputs and I inputs in float32 or bfloat16. What goes in and comes out is
 * float32; a bfloat16 product rounds its factors and its result.
 *
 * @param values_OI the values; gradients are taken by this operand
 * @param rounds whether rows of a float32 matrix are rounded to bfloat16, so that they are those of
 *     its rounded copy while gradients still add up in float32
 */
public record Matrix(Operand<? extends TFloating> values_OI, boolean rounds) {
  /** A matrix whose type is known when the graph is built. */
  @SuppressWarnings("unchecked") // parameters are floating
  public static Matrix of(Operand<?> values_OI) {
    return new Matrix((Operand<? extends TFloating>) values_OI, false);
  }

  /** A float32 matrix of which only rows are taken, rounded to bfloat16. */
  @SuppressWarnings("unchecked") // parameters are floating
  static Matrix ofRoundedRows(Operand<?> values_OI) {
    return new Matrix((Operand<? extends TFloating>) values_OI, true);
  }

  /** Number of outputs. */
  Dim outputs() {
    return Dim.of(Math.toIntExact(values_OI.shape().get(0)));
  }

  /** Number of inputs. */
  Dim inputs() {
    return Dim.of(Math.toIntExact(values_OI.shape().get(1)));
  }

  /** x Wᵀ, [M, O]. */
  public Operand<TFloat32> product(Ops tf, Operand<TFloat32> x_MI) {
    return product(tf, x_MI, values_OI, MatMul.transposeB(true));
  }

  /** d W, [M, I]: the gradient by the input from the gradient by the product. */
  public Operand<TFloat32> backProduct(Ops tf, Operand<TFloat32> d_MO) {
    return product(tf, d_MO, values_OI);
  }

  /** dᵀ x, [O, I]: the gradient by the matrix from the gradient by the product, in float32. */
  public Operand<TFloat32> outerProduct(Ops tf, Operand<TFloat32> d_MO, Operand<TFloat32> x_MI) {
    return product(tf, d_MO, cast(tf, x_MI, values_OI.type()), MatMul.transposeA(true));
  }

  private static <T extends TFloating> Operand<TFloat32> product(
      Ops tf, Operand<TFloat32> a, Operand<T> b, MatMul.Options... options) {
    Operand<T> rounded = cast(tf, a, b.type());
    return cast(tf, tf.linalg.matMul(rounded, b, options), TFloat32.class);
  }

  /** The rows with these numbers, [ids…, I]. */
  Operand<TFloat32> rows(Ops tf, Operand<TInt32> ids) {
    var rows = cast(tf, tf.gather(values_OI, ids, tf.constant(0)), TFloat32.class);
    return rounds ? cast(tf, cast(tf, rows, TBfloat16.class), TFloat32.class) : rows;
  }

  /** {@code x} in another type, or as it is. */
  @SuppressWarnings("unchecked") // checked
  static <T extends TFloating> Operand<T> cast(
      Ops tf, Operand<? extends TFloating> x, Class<T> type) {
    return x.type() == type ? (Operand<T>) x : tf.dtypes.cast(x, type);
  }
}
