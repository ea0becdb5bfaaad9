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
  private static final float SUBNORMAL = 0x1p-24f;

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element. */
  public int bytes() {
    return bytes;
  }

  /** Fills {@code values} from {@code from} with the elements of a little-endian buffer. */
  void read(ByteBuffer source, float[] values, int from) {
    int count = source.remaining() / bytes;
    switch (this) {
      case F32 -> source.asFloatBuffer().get(values, from, count);
      case F16 -> {
        for (int i = 0; i < count; i++) {
          values[from + i] = half(source.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          values[from + i] = Float.intBitsToFloat(source.getShort() << 16);
        }
      }
    }
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
