package org.etalon.graph.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The product of one row and a matrix in a function that XLA compiles for a CPU: multiplications
 * and one sum, which read the matrix once and as it lies, from every core. A matrix kernel first
 * brings the matrix into another order, which takes longer than one row's product.
 *
 * <p>XLA turns a sum over more than {@value #WIDTH} values into a slower one by windows; so the
 * inputs are summed as a box of no more in any direction.
 *
 * @param one 1, which XLA must not know: what computes the row would otherwise be computed again
 *     for each output, and a quotient is not. A scalar
 */
record Lanes(Operand<TFloat32> one) {
  private static final int WIDTH = 32;

  /** x Wᵀ, [1, O], in the matrix's type. */
  <T extends TFloating> Operand<T> product(Ops tf, Operand<T> x_1I, Operand<T> w_OI) {
    int inputs = Math.toIntExact(w_OI.shape().get(1));
    int outputs = Math.toIntExact(w_OI.shape().get(0));
    int[] box = box(inputs);
    // A bfloat16 matrix is not converted once and for all, before the loop that this is part of.
    List<Operand<?>> held = XlaNodes.barrier(tf, List.of(w_OI, x_1I));
    var w_Oijk = reshaped(tf, Cast.float32(tf, held.get(0)), outputs, box);
    var exact_1I = tf.math.div(Cast.float32(tf, held.get(1)), one);
    var x_1ijk = reshaped(tf, exact_1I, 1, box);
    var y_O = tf.reduceSum(tf.math.mul(w_Oijk, x_1ijk), tf.constant(new int[] {1, 2, 3}));
    return Cast.to(tf, tf.reshape(y_O, tf.constant(new int[] {1, outputs})), w_OI.type());
  }

  private static Operand<TFloat32> reshaped(Ops tf, Operand<TFloat32> x, int rows, int[] box) {
    Operand<TInt32> shape = tf.constant(new int[] {rows, box[0], box[1], box[2]});
    return tf.reshape(x, shape);
  }

  /** Three factors of a number, each the largest of at most 32 that divides what is left. */
  static int[] box(int inputs) {
    int inner = divisor(inputs);
    int middle = divisor(inputs / inner);
    return new int[] {inputs / inner / middle, middle, inner};
  }

  private static int divisor(int number) {
    int divisor = Math.min(WIDTH, number);
    while (number % divisor != 0) {
      divisor--;
    }
    return divisor;
  }
}
