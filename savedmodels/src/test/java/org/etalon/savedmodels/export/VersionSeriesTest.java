package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Bundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionSeriesTest {
  @TempDir Path folder;

  private static List<String> names(Path base) throws IOException {
    try (Stream<Path> content = Files.list(base)) {
      return content.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void twoVersionsStayAndAnotherProcessGoesOn() throws Exception {
    Path base = folder.resolve("m");
    try (SmallExport export = new SmallExport()) {
      // Rounded in the file alone: the program keeps what it trains.
      var exporter =
          new SavedModelExporter(export.config, List.of(SmallExport.STOP), 0, WeightType.BFLOAT16);
      Bundle bundle = Bundle.of(export.program, WeightType.BFLOAT16);
      VersionSeries first = new VersionSeries(base, exporter, export.tokenizer);
      for (int version = 1; version <= 3; version++) {
        assertEquals(version, first.publish(bundle::save, Map.of("optimizer_steps", version)));
      }
      Files.createDirectories(
          base.resolve(".4.00000000-0000-0000-0000-000000000000.tmp/variables"));
      VersionSeries second = new VersionSeries(base, exporter, export.tokenizer);
      assertEquals(4, second.publish(bundle::save, Map.of("optimizer_steps", 4)));
      assertEquals(List.of("3", "4", "batching.config", "models.config"), names(base));
      assertFalse(Files.exists(base.resolve("4").resolve(WarmUp.FILE)));
      assertEquals(4, ExportFacts.read(base.resolve("4")).facts().get("optimizer_steps").asInt());
      try (ServedModel model = ServedModel.load(base.resolve("4"))) {
        var answer = model.generate(List.of(ServedModel.Ask.greedy(new int[] {5, 9}, 6))).get(0);
        assertTrue(answer.ids().length > 0);
      }
    }
  }

  @Test
  void aVersionThatSomebodyKeepsIsLeftAlone() {
    Path base = folder.resolve("kept");
    try (SmallExport export = new SmallExport()) {
      export.write(base);
      var error =
          assertThrows(
              DataException.class,
              () -> new VersionSeries(base, export.exporter(), export.tokenizer));
      assertTrue(error.getMessage().startsWith(base.resolve("1") + ": was exported to be kept"));
      assertTrue(Files.exists(base.resolve("1")));
    }
  }
}
