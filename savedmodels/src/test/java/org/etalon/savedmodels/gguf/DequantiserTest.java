package org.etalon.savedmodels.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DequantiserTest {
  @ParameterizedTest
  @EnumSource(GgufType.class)
  void valuesAreThoseOfGgufPyBitForBit(GgufType type) throws IOException {
    JsonNode golden = Golden.json("dequantised.json").get(type.name());
    byte[] blocks = Golden.bytes(golden.get("blocks"));
    float[] expected = Golden.floats(golden.get("values"));
    float[] values = new float[expected.length + 1];
    Dequantiser.read(type, ByteBuffer.wrap(blocks), values, 1);
    assertTrue(expected.length >= 32);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          Float.floatToRawIntBits(expected[i]),
          Float.floatToRawIntBits(values[i + 1]),
          type + " value " + i + ": " + expected[i] + " and " + values[i + 1]);
    }
  }

  @Test
  void everyHalfComesBackFromItsFloat() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Half.toFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, Half.ofFloat(value));
      }
    }
  }

  @Test
  void halvesRoundToTheNearestAndTiesToEven() {
    float[] values = {1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 65519f, 65520f, 0x1p-25f, 3 * 0x1p-25f};
    float[] expected = {1, 1 + 0x1p-9f, 65504, Float.POSITIVE_INFINITY, 0, 0x1p-23f};
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = Half.toFloat(Half.ofFloat(values[i]));
    }
    assertArrayEquals(expected, rounded);
  }
}
