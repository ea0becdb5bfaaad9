package org.etalon.graph.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint16;
import org.tensorflow.types.family.TType;

/**
 * Numbers that a function compiled by XLA for a CPU stores and slices: those of bfloat16 as their
 * bits, because XLA would convert the whole of what is written to or sliced, at each write.
 */
public final class Bits {
  /** Low bits of a float32 that a bfloat16 does not have. */
  private static final int LOW = 16;

  private Bits() {}

  /** Numbers of bfloat16 as bits; of float32 as they are. */
  public static Operand<?> of(Ops tf, Operand<?> x) {
    return x.type() == TBfloat16.class ? tf.bitcast(x, TUint16.class) : x;
  }

  /** Float32 numbers, rounded to what is held in {@code type}: bits of bfloat16 or float32. */
  @SuppressWarnings("unchecked") // the one type or the other
  public static <T extends TType> Operand<T> rounded(Ops tf, Operand<TFloat32> x, Class<T> type) {
    return type == TUint16.class
        ? (Operand<T>) tf.bitcast(Cast.to(tf, x, TBfloat16.class), TUint16.class)
        : (Operand<T>) x;
  }

  /** The numbers that {@link #of} was given. */
  public static Operand<?> numbers(Ops tf, Operand<?> held) {
    return held.type() == TUint16.class ? tf.bitcast(held, TBfloat16.class) : held;
  }

  /** Bits' numbers, or floating ones, as float32: exactly. */
  public static Operand<TFloat32> float32(Ops tf, Operand<?> held) {
    if (held.type() != TUint16.class) {
      return Cast.float32(tf, held);
    }
    var wide = tf.dtypes.cast(held, TInt32.class);
    return tf.bitcast(tf.bitwise.leftShift(wide, tf.constant(LOW)), TFloat32.class);
  }
}
