package org.etalon.savedmodels.safetensors;

import java.nio.ByteBuffer;

/** Element types whose values can be read as float32; every one of them is exact there. */
public enum Dtype {
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary16. */
  F16(2),
  /** The upper half of binary32. */
  BF16(2);

  private static final int HALF_EXPONENT = 0x1f;
  private static final int HALF_LEAST_EXPONENT = -14;

  /** Half of the step beyond the largest finite binary16, 65504. */
  private static final double HALF_OVERFLOW = 65520;

  private static final float SUBNORMAL = 0x1p-24f;

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element. */
  public int bytes() {
    return bytes;
  }

  /** The largest finite value that it stores. */
  public float largest() {
    return switch (this) {
      case F32 -> Float.MAX_VALUE;
      case F16 -> 65504;
      case BF16 -> Float.intBitsToFloat(0x7f7f0000);
    };
  }

  /** Fills the start of {@code values} with the elements of a little-endian buffer. */
  void read(ByteBuffer source, float[] values) {
    int count = source.remaining() / bytes;
    switch (this) {
      case F32 -> source.asFloatBuffer().get(values, 0, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = half(source.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          values[i] = Float.intBitsToFloat(source.getShort() << 16);
        }
      }
    }
  }

  /**
   * Puts elements into a little-endian buffer, rounded to the nearest, ties to the even one; values
   * beyond the type's range become infinite.
   */
  void write(float[] values, int from, int count, ByteBuffer target) {
    for (int i = from; i < from + count; i++) {
      switch (this) {
        case F32 -> target.putFloat(values[i]);
        case F16 -> target.putShort(toHalf(values[i]));
        case BF16 -> target.putShort(toBfloat16(values[i]));
      }
    }
  }

  /** Adding half of the last kept place, and its own bit for the ties, carries where it must. */
  static short toBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** Scales the value so that its last kept place is one, and rounds there. */
  static short toHalf(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    double magnitude = Math.abs((double) value);
    if (magnitude >= HALF_OVERFLOW) {
      return (short) (sign | HALF_EXPONENT << 10);
    }
    int exponent = Math.max(Math.getExponent(magnitude), HALF_LEAST_EXPONENT);
    long fraction = (long) Math.rint(Math.scalb(magnitude, 10 - exponent));
    // A normal number's leading 1 adds one to the exponent field; so does a fraction rounded up.
    return (short) (sign | (int) (((long) (exponent - HALF_LEAST_EXPONENT) << 10) + fraction));
  }

  /** 1 sign bit, 5 exponent bits of bias 15, 10 fraction bits. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >>> 10 & HALF_EXPONENT;
    int fraction = bits & 0x3ff;
    if (exponent == HALF_EXPONENT) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      return Math.copySign(fraction * SUBNORMAL, sign == 0 ? 1f : -1f);
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
  }
}
