package org.etalon.graph.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * A weight matrix of O outputs and I inputs in float32 or bfloat16. A product rounds what it is
 * given to the matrix's type and gives that type.
 *
 * @param values_OI the values; gradients are taken by this operand
 * @param rounds whether rows of a float32 matrix are rounded to bfloat16, so that they are those of
 *     its rounded copy while gradients still add up in float32
 * @param lanes how one row is multiplied in a compiled function; null: by a matrix kernel
 */
public record Matrix(Operand<? extends TFloating> values_OI, boolean rounds, Lanes lanes) {
  /**
   * Most rows that are multiplied as a batch of one in bfloat16, which oneDNN computes by another
   * way. Measured on two cores with AVX-512: one row of 1,536 numbers by 8,960 outputs takes 1.9 ms
   * as a plain product and 1.3 ms as a batch, 16 rows of 576 by 576 0.082 and 0.065 ms; with 32
   * rows the plain product is the faster one. In float32 the gain is larger (16 rows by 8,960
   * outputs: 14.4 and 4.3 ms), but rows alone and together then differ by more than 1e-5.
   */
  private static final int FEW = 24;

  /** A matrix whose type is known when the graph is built. */
  @SuppressWarnings("unchecked") // parameters are floating
  public static Matrix of(Operand<?> values_OI) {
    return new Matrix((Operand<? extends TFloating>) values_OI, false, null);
  }

  /** A float32 matrix of which only rows are taken, rounded to bfloat16. */
  @SuppressWarnings("unchecked") // parameters are floating
  public static Matrix ofRoundedRows(Operand<?> values_OI) {
    return new Matrix((Operand<? extends TFloating>) values_OI, true, null);
  }

  /**
   * A matrix for products of one row in a function that XLA compiles for a CPU.
   *
   * @param one the scalar 1, computed from what XLA does not know
   */
  @SuppressWarnings("unchecked") // parameters are floating
  public static Matrix ofLanes(Operand<?> values_OI, Operand<TFloat32> one) {
    return new Matrix((Operand<? extends TFloating>) values_OI, false, new Lanes(one));
  }

  /** Number of outputs. */
  Dim outputs() {
    return Dim.of(Math.toIntExact(values_OI.shape().get(0)));
  }

  /** Number of inputs. */
  Dim inputs() {
    return Dim.of(Math.toIntExact(values_OI.shape().get(1)));
  }

  /** The type of products. */
  public Class<? extends TFloating> type() {
    return values_OI.type();
  }

  /** x Wᵀ, [M, O]. */
  public Operand<? extends TFloating> product(Ops tf, Operand<?> x_MI) {
    return product(tf, x_MI, values_OI);
  }

  private <T extends TFloating> Operand<T> product(Ops tf, Operand<?> x_MI, Operand<T> w_OI) {
    Operand<T> rounded_MI = Cast.to(tf, x_MI, w_OI.type());
    if (lanes != null) {
      return lanes.product(tf, rounded_MI, w_OI);
    }
    long rows = rounded_MI.shape().get(0);
    boolean isFew = rows >= 1 && rows <= FEW && w_OI.type() == TBfloat16.class;
    if (!isFew) {
      return tf.linalg.matMul(rounded_MI, w_OI, MatMul.transposeB(true));
    }
    Operand<T> product_1MO =
        BatchProduct.ofSecondTransposed(
            tf, tf.expandDims(rounded_MI, tf.constant(0)), tf.expandDims(w_OI, tf.constant(0)));
    return tf.reshape(product_1MO, tf.constant(new long[] {rows, w_OI.shape().get(0)}));
  }

  /** d W, [M, I]: the gradient by the input from the gradient by the product. */
  public Operand<? extends TFloating> backProduct(Ops tf, Operand<?> d_MO) {
    return backProduct(tf, d_MO, values_OI);
  }

  private static <T extends TFloating> Operand<T> backProduct(
      Ops tf, Operand<?> d_MO, Operand<T> w_OI) {
    return tf.linalg.matMul(Cast.to(tf, d_MO, w_OI.type()), w_OI);
  }

  /** dᵀ x, [O, I]: the gradient by the matrix from the gradient by the product. */
  public Operand<? extends TFloating> outerProduct(Ops tf, Operand<?> d_MO, Operand<?> x_MI) {
    return outerProduct(tf, d_MO, x_MI, type());
  }

  private static <T extends TFloating> Operand<T> outerProduct(
      Ops tf, Operand<?> d_MO, Operand<?> x_MI, Class<T> type) {
    return tf.linalg.matMul(
        Cast.to(tf, d_MO, type), Cast.to(tf, x_MI, type), MatMul.transposeA(true));
  }

  /** x Wᵀ over the last dimension, [B, T, O], as a segment of a tape. */
  Operand<?> apply(Ops tf, Tape tape, Operand<?> x_BTI) {
    Dim b = Dim.of(tf, x_BTI, 0);
    Dim t = Dim.of(tf, x_BTI, 1);
    return tape.segment(
            tf,
            List.of(x_BTI, values_OI),
            (ops, in) -> {
              var y_MO = product(ops, flat(ops, in.get(0)));
              return List.of(Dim.reshape(ops, y_MO, b, t, outputs()));
            },
            (ops, in, out, d) -> {
              var d_MO = flat(ops, d.get(0));
              var dX_MI = backProduct(ops, d_MO);
              return List.of(
                  Dim.reshape(ops, dX_MI, b, t, inputs()),
                  outerProduct(ops, d_MO, flat(ops, in.get(0))));
            })
        .get(0);
  }

  /** [B, T, X] as [B·T, X]. */
  private static Operand<?> flat(Ops tf, Operand<?> x_BTX) {
    int last = Math.toIntExact(x_BTX.shape().get(2));
    Dim rows = Dim.of(tf, x_BTX, 0).times(tf, Dim.of(tf, x_BTX, 1));
    return Dim.reshape(tf, x_BTX, rows, Dim.of(last));
  }

  /** The rows with these numbers in float32, [ids…, I]. */
  Operand<TFloat32> rows(Ops tf, Operand<TInt32> ids) {
    var rows = Cast.float32(tf, tf.gather(values_OI, ids, tf.constant(0)));
    return rounds ? Cast.float32(tf, Cast.to(tf, rows, TBfloat16.class)) : rows;
  }

  /** The gradient by the matrix from that by its rows: those of one token add up, [O, I]. */
  Operand<TFloat32> rowGradients(Ops tf, Operand<TInt32> ids, Operand<?> d) {
    return tf.math.unsortedSegmentSum(Cast.float32(tf, d), ids, outputs().operand(tf));
  }
}
