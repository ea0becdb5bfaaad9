package org.etalon.graph.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * One dimension of a reshape: known while the graph is built, or read from a tensor when it runs.
 * Training graphs have static shapes; exported graphs leave batch and time open.
 *
 * @param size the size, or −1 when only {@code dynamic} knows it
 * @param dynamic a scalar holding the size; null when it is static
 */
public record Dim(int size, Operand<TInt32> dynamic) {
  /** A dimension known now. */
  public static Dim of(int size) {
    return new Dim(size, null);
  }

  /** Dimension {@code axis} of {@code x}. */
  public static Dim of(Ops tf, Operand<? extends TType> x, int axis) {
    long size = x.shape().get(axis);
    return size != Shape.UNKNOWN_SIZE
        ? of(Math.toIntExact(size))
        : new Dim(-1, tf.stridedSlice(tf.shape(x), Indices.at(axis)));
  }

  /** This dimension times a constant. */
  public Dim times(Ops tf, int factor) {
    return dynamic == null
        ? of(Math.multiplyExact(size, factor))
        : new Dim(-1, tf.math.mul(dynamic, tf.constant(factor)));
  }

  /** This dimension times another. */
  public Dim times(Ops tf, Dim other) {
    if (other.dynamic == null) {
      return times(tf, other.size);
    }
    return dynamic == null
        ? other.times(tf, size)
        : new Dim(-1, tf.math.mul(dynamic, other.dynamic));
  }

  /** A scalar with the size. */
  public Operand<TInt32> operand(Ops tf) {
    return dynamic == null ? tf.constant(size) : dynamic;
  }

  /** {@code dims} as a shape vector. */
  public static Operand<TInt32> shape(Ops tf, Dim... dims) {
    if (Arrays.stream(dims).allMatch(d -> d.dynamic == null)) {
      return tf.constant(Arrays.stream(dims).mapToInt(Dim::size).toArray());
    }
    List<Operand<TInt32>> sizes =
        Arrays.stream(dims).map(d -> d.operand(tf)).collect(Collectors.toList());
    return tf.stack(sizes);
  }

  /** {@code x} with another shape; one open dimension is inferred, more are computed. */
  public static <T extends TType> Operand<T> reshape(Ops tf, Operand<T> x, Dim... dims) {
    long open = Arrays.stream(dims).filter(d -> d.dynamic != null).count();
    if (open == 1) {
      return tf.reshape(x, tf.constant(Arrays.stream(dims).mapToInt(Dim::size).toArray()));
    }
    return tf.reshape(x, shape(tf, dims));
  }
}
