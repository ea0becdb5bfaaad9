package org.etalon.savedmodels.gguf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Golden files, written by {@code src/test/python/make_gguf_golden.py}. */
final class Golden {
  private Golden() {}

  static JsonNode json(String name) throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream("/gguf/" + name)) {
      return new ObjectMapper().readTree(in);
    }
  }

  static byte[] bytes(JsonNode hex) {
    return HexFormat.of().parseHex(hex.textValue());
  }

  /** Values written with their bytes in network order. */
  static float[] floats(JsonNode hex) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(hex));
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }
}
