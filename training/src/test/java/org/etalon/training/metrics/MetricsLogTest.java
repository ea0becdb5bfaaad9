package org.etalon.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsLogTest {
  @TempDir Path folder;

  @Test
  void valuesComeBackAsWritten() {
    Path file = folder.resolve("sft/metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file, 0)) {
      log.append(1, 0.5, Map.of("loss", 3.25, "histogram", new int[] {1, 0, 2}));
      log.append(2, 0.25, Map.of("loss", Double.NaN, "note", "skipped"));
      assertEquals(2, MetricsLog.read(file).size(), "each line is visible at once");
    }
    List<MetricsLog.Row> rows = MetricsLog.read(file);
    assertEquals(3.25, rows.get(0).number("loss").orElseThrow());
    assertEquals(List.of(1.0, 0.0, 2.0), rows.get(0).numbers("histogram"));
    assertEquals(0.25, rows.get(1).seconds());
    assertTrue(Double.isNaN(rows.get(1).number("loss").orElseThrow()));
    assertTrue(rows.get(1).number("note").isEmpty());
    assertTrue(rows.get(1).number("reward").isEmpty());
    assertTrue(rows.get(1).numbers("histogram").isEmpty());
  }

  @Test
  void resumingDropsLaterStepsAndALineCutByACrash() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file, 0)) {
      for (int step = 1; step <= 5; step++) {
        log.append(step, 1, Map.of("loss", 1.0 * step));
      }
    }
    Files.writeString(file, "{\"step\":6,\"lo", StandardOpenOption.APPEND);
    assertEquals(5, MetricsLog.read(file).size());
    try (MetricsLog log = MetricsLog.open(file, 3)) {
      log.append(4, 1, Map.of("loss", 40.0));
    }
    List<MetricsLog.Row> rows = MetricsLog.read(file);
    assertEquals(List.of(1L, 2L, 3L, 4L), rows.stream().map(MetricsLog.Row::step).toList());
    assertEquals(40, rows.get(3).number("loss").orElseThrow());
  }

  @Test
  void beginningAnewEmptiesTheFile() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file, 0)) {
      log.append(1, 1, Map.of());
    }
    MetricsLog.open(file, 0).close();
    assertEquals(0, Files.size(file));
  }

  @Test
  void damagedLineIsNamed() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(file, "{\"step\":1}\n{\"step\":}\n");
    DataException e = assertThrows(DataException.class, () -> MetricsLog.read(file));
    assertTrue(e.getMessage().startsWith(file + ":2: not JSON"), e.getMessage());
    Files.writeString(file, "{\"step\":1.5}\n");
    assertThrows(DataException.class, () -> MetricsLog.read(file));
  }

  @Test
  void ownFieldsCannotBeOverwritten() {
    try (MetricsLog log = MetricsLog.open(folder.resolve("metrics.jsonl"), 0)) {
      Map<String, Integer> values = Map.of("seconds", 3);
      assertThrows(IllegalArgumentException.class, () -> log.append(1, 1, values));
    }
  }
}
