package org.etalon.graph.decode;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * Stateless uniform numbers keyed by (seed, sequence, position): a sample depends on its key alone,
 * not on its batch, its slot or what was drawn before. The same function in Java and as a graph.
 *
 * <p>Two 32-bit lanes absorb the key words with the MurmurHash3 finaliser; arithmetic is on 64-bit
 * integers masked to 32 bits, which every device and XLA have.
 */
public final class CounterRandom {
  private static final long MASK = 0xffffffffL;
  private static final long LANE_A = 0x9e3779b9L;
  private static final long LANE_B = 0x7f4a7c15L;
  private static final long MIX_1 = 0x85ebca6bL;
  private static final long MIX_2 = 0xc2b2ae35L;
  private static final float UNIT = 1f / (1 << 23);

  private CounterRandom() {}

  /** A number in (0, 1) for the key; multiples of 2⁻²³ plus half of one. */
  public static float uniform(long seed, long sequence, long position) {
    long a = LANE_A;
    long b = LANE_B;
    for (long word : new long[] {seed, seed >>> 32, sequence, sequence >>> 32, position}) {
      a = mix(a ^ (word & MASK));
      b = mix(b + a + (word & MASK) & MASK);
    }
    return (((a ^ b) >>> 9) + 0.5f) * UNIT;
  }

  /** {@link #uniform} for each element of int64 keys of one shape. */
  public static Operand<TFloat32> uniform(
      Ops tf, Operand<TInt64> seed, Operand<TInt64> sequence, Operand<TInt64> position) {
    Operand<TInt64> mask = tf.constant(MASK);
    Operand<TInt64> a = tf.math.add(tf.zerosLike(seed), tf.constant(LANE_A));
    Operand<TInt64> b = tf.math.add(tf.zerosLike(seed), tf.constant(LANE_B));
    for (Operand<TInt64> word :
        List.of(seed, high(tf, seed), sequence, high(tf, sequence), position)) {
      Operand<TInt64> low = tf.bitwise.bitwiseAnd(word, mask);
      a = mix(tf, tf.bitwise.bitwiseXor(a, low));
      b = mix(tf, tf.bitwise.bitwiseAnd(tf.math.add(tf.math.add(b, a), low), mask));
    }
    var bits = tf.bitwise.rightShift(tf.bitwise.bitwiseXor(a, b), tf.constant(9L));
    return tf.math.mul(
        tf.math.add(tf.dtypes.cast(bits, TFloat32.class), tf.constant(0.5f)), tf.constant(UNIT));
  }

  private static long mix(long h) {
    long x = h;
    x ^= x >>> 16;
    x = x * MIX_1 & MASK;
    x ^= x >>> 13;
    x = x * MIX_2 & MASK;
    return x ^ x >>> 16;
  }

  private static Operand<TInt64> mix(Ops tf, Operand<TInt64> h) {
    Operand<TInt64> x = shiftXor(tf, h, 16);
    x = times(tf, x, MIX_1);
    x = shiftXor(tf, x, 13);
    x = times(tf, x, MIX_2);
    return shiftXor(tf, x, 16);
  }

  private static Operand<TInt64> shiftXor(Ops tf, Operand<TInt64> x, long by) {
    return tf.bitwise.bitwiseXor(x, tf.bitwise.rightShift(x, tf.constant(by)));
  }

  private static Operand<TInt64> times(Ops tf, Operand<TInt64> x, long factor) {
    return tf.bitwise.bitwiseAnd(tf.math.mul(x, tf.constant(factor)), tf.constant(MASK));
  }

  /** The upper 32 bits; the shift keeps the sign, the mask that follows drops it. */
  private static Operand<TInt64> high(Ops tf, Operand<TInt64> x) {
    return tf.bitwise.rightShift(x, tf.constant(32L));
  }
}
