package org.etalon.graph.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The product of one row and a matrix in a function that XLA compiles for a CPU: {@link Terms},
 * which read the matrix once and as it lies, from every core. A matrix kernel first brings the
 * matrix into another order, which takes longer than one row's product.
 *
 * @param one 1, which XLA must not know: what computes the row would otherwise be computed again
 *     for each output, and a quotient is not. A scalar
 */
record Lanes(Operand<TFloat32> one) {
  /** x Wᵀ, [1, O], in the matrix's type. */
  <T extends TFloating> Operand<T> product(Ops tf, Operand<T> x_1I, Operand<T> w_OI) {
    int outputs = Math.toIntExact(w_OI.shape().get(0));
    int[] box = Terms.box(Math.toIntExact(w_OI.shape().get(1)));
    // A bfloat16 matrix is not converted once and for all, before the loop that this is part of.
    List<Operand<?>> held = XlaNodes.barrier(tf, List.of(w_OI, x_1I));
    var w_Oijk = tf.reshape(Cast.floating(held.get(0)), shape(tf, outputs, box));
    var exact_1I = tf.math.div(Cast.float32(tf, held.get(1)), one);
    var terms_O1jk = Terms.sum(tf, w_Oijk, tf.reshape(exact_1I, shape(tf, 1, box)), 1);
    var y_O = tf.reduceSum(terms_O1jk, tf.constant(new int[] {1, 2, 3}));
    return Cast.to(tf, tf.reshape(y_O, tf.constant(new int[] {1, outputs})), w_OI.type());
  }

  private static Operand<TInt32> shape(Ops tf, int rows, int[] box) {
    return tf.constant(new int[] {rows, box[0], box[1], box[2]});
  }
}
