package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;

/**
 * Matrices that multiply the same rows: each by itself, or stacked as one, whose product is split
 * and which has no gradients by its parts.
 *
 * @param matrices the matrices, or the one that they are together
 * @param outputs of each
 */
public record Fan(List<Matrix> matrices, List<Integer> outputs) {
  public Fan {
    matrices = List.copyOf(matrices);
    outputs = List.copyOf(outputs);
  }

  /** Matrices by themselves. */
  public static Fan apart(List<Matrix> matrices) {
    return new Fan(matrices, matrices.stream().map(matrix -> matrix.outputs().size()).toList());
  }

  /**
   * One matrix of all outputs.
   *
   * @param outputs of each part, in the order of the rows
   */
  public static Fan joined(Matrix whole, List<Integer> outputs) {
    return new Fan(List.of(whole), outputs);
  }

  /** The type of products. */
  Class<? extends TFloating> type() {
    return matrices.get(0).type();
  }

  /** Each product over the last dimension, [B, T, O]. */
  List<Operand<?>> apply(Ops tf, Tape tape, Operand<?> x_BTI) {
    List<Operand<?>> products = new ArrayList<>();
    for (Matrix matrix : matrices) {
      products.add(matrix.apply(tf, tape, x_BTI));
    }
    return matrices.size() == outputs.size() ? products : split(tf, products.get(0));
  }

  private List<Operand<?>> split(Ops tf, Operand<?> y_BTO) {
    long[] sizes = outputs.stream().mapToLong(Integer::longValue).toArray();
    Operand<TInt64> parts = tf.constant(sizes);
    return List.copyOf(
        tf.splitV(Cast.floating(y_BTO), parts, tf.constant(2), (long) sizes.length).output());
  }
}
