package org.etalon.savedmodels.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DtypeTest {
  @Test
  void everyHalfComesBackAsItWas() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Dtype.half((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, Dtype.toHalf(value), Integer.toHexString(bits));
      }
    }
  }

  @Test
  void everyBfloat16ComesBackAsItWas() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float.intBitsToFloat(bits << 16);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, Dtype.toBfloat16(value), Integer.toHexString(bits));
      }
    }
  }

  @Test
  void halvesRoundToTheNearestAndTiesToTheEvenOne() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = Dtype.half((short) bits);
      float high = Dtype.half((short) (bits + 1));
      float middle = (low + high) / 2;
      assertEquals(bits % 2 == 0 ? bits : bits + 1, Dtype.toHalf(middle));
      assertEquals(bits, Dtype.toHalf(Math.nextDown(middle)));
      assertEquals(bits + 1, Dtype.toHalf(Math.nextUp(middle)));
    }
    assertEquals(0x7bff, Dtype.toHalf(Math.nextDown(65520f)));
    assertEquals(0x7c00, Dtype.toHalf(65520f));
    assertEquals((short) 0xfc00, Dtype.toHalf(Float.NEGATIVE_INFINITY));
    assertEquals(0, Dtype.toHalf(Float.MIN_VALUE));
  }

  @Test
  void bfloat16RoundsToTheNearestAndTiesToTheEvenOne() {
    for (int bits = 0; bits < 0x7f7f; bits++) {
      int middle = bits << 16 | 0x8000;
      assertEquals(bits % 2 == 0 ? bits : bits + 1, bfloat16(middle));
      assertEquals(bits, bfloat16(middle - 1));
      assertEquals(bits + 1, bfloat16(middle + 1));
    }
    assertEquals(0x7f80, Dtype.toBfloat16(Float.MAX_VALUE));
    assertEquals((short) 0xbf80, Dtype.toBfloat16(-1f));
  }

  @Test
  void whatIsNoNumberStaysNone() {
    assertEquals(true, Float.isNaN(Dtype.half(Dtype.toHalf(Float.NaN))));
    int quiet = Dtype.toBfloat16(Float.intBitsToFloat(0x7f800001)) << 16;
    assertEquals(true, Float.isNaN(Float.intBitsToFloat(quiet)));
  }

  private static int bfloat16(int bits) {
    return Dtype.toBfloat16(Float.intBitsToFloat(bits));
  }
}
