package org.etalon.savedmodels.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QuantiserTest {
  @ParameterizedTest
  @EnumSource(
      value = GgufType.class,
      names = {"F16", "BF16", "Q8_0"})
  void bytesAreThoseOfGgufPy(GgufType type) throws IOException {
    JsonNode golden = Golden.json("quantised.json");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Quantiser.write(out, "w", type, Golden.floats(golden.get("values")));
    assertArrayEquals(Golden.bytes(golden.get(type.name())), out.toByteArray());
  }

  @Test
  void whatATypeCannotHoldIsRefused() {
    float[] large = new float[32];
    large[7] = 1e9f;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataException half =
        assertThrows(
            DataException.class, () -> Quantiser.write(out, "blk.0.x", GgufType.F16, large));
    assertTrue(half.getMessage().contains("blk.0.x holds 1.0E9, too large for F16"));
    assertThrows(DataException.class, () -> Quantiser.write(out, "w", GgufType.Q8_0, large));
    large[7] = Float.NaN;
    for (GgufType type : new GgufType[] {GgufType.F32, GgufType.Q8_0}) {
      DataException nan =
          assertThrows(DataException.class, () -> Quantiser.write(out, "w", type, large));
      assertTrue(nan.getMessage().contains("diverged"));
    }
  }
}
