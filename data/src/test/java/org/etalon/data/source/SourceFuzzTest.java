package org.etalon.data.source;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Assertions;

/**
 * Any bytes under any name are rows or a typed error of one line. An ordinary build runs the seeds;
 * {@code JAZZER_FUZZ=1} searches for more.
 */
class SourceFuzzTest {
  @FuzzTest(maxDuration = "2m")
  void linesAreReadOrRefused(byte[] bytes) throws IOException {
    read(".jsonl", bytes);
  }

  @FuzzTest(maxDuration = "2m")
  void aListIsReadOrRefused(byte[] bytes) throws IOException {
    read(".json", bytes);
  }

  @FuzzTest(maxDuration = "3m")
  void aParquetFileIsReadOrRefused(byte[] bytes) throws IOException {
    read(".parquet", bytes);
  }

  private static void read(String ending, byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ending);
    try {
      Files.write(file, bytes);
      try (Rows rows = Rows.open(file)) {
        for (Row row = rows.next(); row != null; row = rows.next()) {
          map(row);
        }
      } catch (DataException e) {
        check(e);
      }
    } finally {
      Files.delete(file);
    }
  }

  private static void map(Row row) {
    for (String name : Layouts.names()) {
      try {
        Mapped mapped = Layouts.named(name, 1).map(row);
        Assertions.assertEquals(mapped.problem().isPresent(), mapped.lack().isEmpty());
      } catch (DataException e) {
        check(e);
      }
    }
  }

  private static void check(DataException e) {
    Assertions.assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    Assertions.assertTrue(e.getMessage().length() < 4000, e.getMessage());
  }
}
