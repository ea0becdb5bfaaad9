package org.etalon.training.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.etalon.graph.program.TokenBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenRowsTest {
  @TempDir Path folder;

  @Test
  void everyTokenButADocumentsFirstIsPredicted() {
    TokenBatch batch = new TokenRows(1, 6, 2, new int[] {1, 2, 3, 4, 5, 6}).batch();
    assertArrayEquals(new int[] {2, 3, 0, 5, 6, 0}, batch.targets());
    assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2}, batch.positions());
    assertArrayEquals(new int[] {1, 1, 1, 2, 2, 2}, batch.segments());
    assertArrayEquals(new float[] {.25f, .25f, 0, .25f, .25f, 0}, batch.weights());
  }

  @Test
  void rowsAreWrittenForOtherPrograms() throws IOException {
    TokenRows rows = TokenRows.random(2, 4, 1, 50, 3);
    Path file = folder.resolve("tokens.json");
    rows.write(file);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertEquals(2, json.get("rows").asInt());
    assertEquals(4, json.get("length").asInt());
    assertEquals(1, json.get("documents").asInt());
    assertEquals(8, json.get("ids").size());
    assertEquals(rows.ids()[7], json.get("ids").get(7).asInt());
  }

  @Test
  void unevenDocumentsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> TokenRows.random(1, 10, 3, 50, 1));
    assertThrows(IllegalArgumentException.class, () -> TokenRows.random(1, 4, 4, 50, 1));
    assertThrows(IllegalArgumentException.class, () -> TokenRows.random(0, 4, 1, 50, 1));
  }
}
