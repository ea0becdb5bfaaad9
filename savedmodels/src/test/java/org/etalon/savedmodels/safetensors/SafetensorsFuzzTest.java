package org.etalon.savedmodels.safetensors;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Assertions;

/**
 * Any bytes are either a well-formed file or a typed error of one line. An ordinary build runs the
 * seeds; {@code JAZZER_FUZZ=1} searches for more.
 */
class SafetensorsFuzzTest {
  @FuzzTest(maxDuration = "3m")
  void aFileIsReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".safetensors");
    try {
      Files.write(file, bytes);
      SafetensorsFile read = SafetensorsFile.open(file);
      long elements = 0;
      for (String name : read.names()) {
        elements += read.floats(name).length * (long) read.entry(name).dtype().bytes();
      }
      Assertions.assertTrue(elements < bytes.length);
    } catch (DataException e) {
      check(e);
    } finally {
      Files.delete(file);
    }
  }

  /** Without the eight bytes before it, a header is found sooner. */
  @FuzzTest(maxDuration = "3m")
  void aHeaderTilesItsDataOrIsRefused(byte[] bytes) throws IOException {
    long data = bytes.length == 0 ? 0 : bytes[0] & 0xff;
    String text =
        new String(
            bytes,
            Math.min(1, bytes.length),
            Math.max(0, bytes.length - 1),
            StandardCharsets.UTF_8);
    try {
      List<TensorEntry> entries = SafetensorsHeader.parse("f", new StringReader(text), data);
      long sum = entries.stream().mapToLong(e -> e.end() - e.begin()).sum();
      Assertions.assertEquals(data, sum);
    } catch (DataException e) {
      check(e);
    }
  }

  private static void check(DataException e) {
    Assertions.assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    Assertions.assertTrue(e.getMessage().length() < 1500, e.getMessage());
  }
}
