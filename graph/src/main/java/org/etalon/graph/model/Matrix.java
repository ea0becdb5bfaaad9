package org.etalon.graph.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A weight matrix of O outputs and I inputs in float32 or bfloat16. What goes in and comes out is
 * float32; a bfloat16 product rounds both.
 */
public record Matrix(Operand<? extends TFloating> values_OI) {
  /** A matrix whose type is known when the graph is built. */
  @SuppressWarnings("unchecked") // parameters are floating
  public static Matrix of(Operand<?> values_OI) {
    return new Matrix((Operand<? extends TFloating>) values_OI);
  }

  private boolean isFloat32() {
    return values_OI.type() == TFloat32.class;
  }

  /** Number of outputs. */
  Dim outputs() {
    return Dim.of(Math.toIntExact(values_OI.shape().get(0)));
  }

  /** Number of inputs. */
  Dim inputs() {
    return Dim.of(Math.toIntExact(values_OI.shape().get(1)));
  }

  /** The values in float32, for gradients. */
  @SuppressWarnings("unchecked") // checked
  public Operand<TFloat32> float32() {
    if (!isFloat32()) {
      throw new IllegalStateException("gradients need float32 weights, these are bfloat16");
    }
    return (Operand<TFloat32>) values_OI;
  }

  /** x Wᵀ, [M, O]. */
  public Operand<TFloat32> product(Ops tf, Operand<TFloat32> x_MI) {
    return isFloat32()
        ? tf.linalg.matMul(x_MI, float32(), MatMul.transposeB(true))
        : rounded(tf, x_MI, values_OI);
  }

  private static <T extends TFloating> Operand<TFloat32> rounded(
      Ops tf, Operand<TFloat32> x_MI, Operand<T> w_OI) {
    Operand<T> x = tf.dtypes.cast(x_MI, w_OI.type());
    return tf.dtypes.cast(tf.linalg.matMul(x, w_OI, MatMul.transposeB(true)), TFloat32.class);
  }

  /** The rows with these numbers, [ids…, I]. */
  Operand<TFloat32> rows(Ops tf, Operand<TInt32> ids) {
    return isFloat32()
        ? tf.gather(float32(), ids, tf.constant(0))
        : tf.dtypes.cast(tf.gather(values_OI, ids, tf.constant(0)), TFloat32.class);
  }
}
