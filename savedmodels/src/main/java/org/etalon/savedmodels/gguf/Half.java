package org.etalon.savedmodels.gguf;

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits of bias 15, 10 fraction bits. */
final class Half {
  private static final int EXPONENT = 0x1f;
  private static final float SUBNORMAL = 0x1p-24f;

  private Half() {}

  static float toFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & EXPONENT;
    int fraction = bits & 0x3ff;
    if (exponent == EXPONENT) {
      return Float.intBitsToFloat(sign | 0x7f800000 | (fraction << 13));
    }
    if (exponent == 0) {
      return Math.copySign(fraction * SUBNORMAL, sign == 0 ? 1f : -1f);
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (fraction << 13));
  }

  /** The nearest half, ties to even; too large values become infinite. */
  static short ofFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    float magnitude = Math.abs(value);
    if (magnitude < 0x1p-14f) {
      // Below the normal range halves are multiples of 2^-24; the product is exact, rint is to
      // even.
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    // 65520 lies midway between the largest half and the next power of two.
    if (magnitude >= 65520f) {
      return (short) (sign | 0x7c00);
    }
    int rest = (bits & 0x7fffffff) - (112 << 23);
    int odd = (rest >>> 13) & 1;
    return (short) (sign | ((rest + 0xfff + odd) >>> 13));
  }
}
