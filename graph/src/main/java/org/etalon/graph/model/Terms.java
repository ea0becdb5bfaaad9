package org.etalon.graph.model;

import java.util.Arrays;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * Sums of products, part of them term by term, in a function that XLA compiles for a CPU. A
 * reduction adds up a vector's lanes for each row of its innermost dimension and waits for that;
 * what is added before, in one expression, stays in its lane.
 */
public final class Terms {
  /**
   * Positions of the innermost dimension, at most: XLA turns a sum over more values into a slower
   * one by windows.
   */
  public static final int WIDTH = 32;

  /** Our choice: 12 terms are half as fast again as 1; more take longer to compile. */
  private static final int MOST = 12;

  private Terms() {}

  /**
   * Σ x y along one axis.
   *
   * @param x numbers, or bfloat16's {@link Bits}, of a shape that is known
   * @param y factors, of the same rank and as long along the axis
   * @return products' sums, broadcast, of length 1 along the axis
   */
  public static Operand<TFloat32> sum(Ops tf, Operand<?> x, Operand<TFloat32> y, int axis) {
    // TensorFlow makes one node of many additions, which XLA does not know, but not of differences.
    Operand<TFloat32> negative = tf.math.neg(y);
    Operand<TFloat32> sum = null;
    for (int i = 0; i < x.shape().get(axis); i++) {
      var part = Bits.float32(tf, at(tf, x, axis, i));
      sum =
          sum == null
              ? tf.math.mul(part, at(tf, y, axis, i))
              : tf.math.sub(sum, tf.math.mul(part, at(tf, negative, axis, i)));
    }
    return sum;
  }

  private static <T extends TType> Operand<T> at(Ops tf, Operand<T> x, int axis, int index) {
    int[] begin = new int[x.shape().numDimensions()];
    int[] size = new int[begin.length];
    Arrays.fill(size, -1);
    begin[axis] = index;
    size[axis] = 1;
    Operand<TInt32> start = tf.constant(begin);
    return tf.slice(x, start, tf.constant(size));
  }

  /** Three factors of a length: terms, rows, and numbers of a row, at most {@value #WIDTH}. */
  public static int[] box(int length) {
    int inner = divisor(length, WIDTH);
    int terms = divisor(length / inner, MOST);
    return new int[] {terms, length / inner / terms, inner};
  }

  private static int divisor(int number, int most) {
    int divisor = Math.min(most, number);
    while (number % divisor != 0) {
      divisor--;
    }
    return divisor;
  }
}
