package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.graph.program.Bundle;
import org.etalon.savedmodels.proto.ModelServerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions appear whole, one after the other, with the files that a server starts with. */
class VersionFoldersTest {
  @TempDir Path folder;

  private static List<String> names(Path base) throws IOException {
    try (Stream<Path> content = Files.list(base)) {
      return content.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theNextVersionFollowsTheLargestNumber() throws Exception {
    VersionFolders versions = new VersionFolders(folder.resolve("m"));
    assertEquals(Optional.empty(), versions.newest());
    assertEquals(folder.resolve("m/1"), versions.next());
    for (String name : List.of("2", "10", "9", "notes", ".11.x.tmp", "12a")) {
      Files.createDirectories(folder.resolve("m").resolve(name));
    }
    assertEquals(Optional.of(folder.resolve("m/10")), versions.newest());
    assertEquals(folder.resolve("m/11"), versions.next());
    assertThrows(DataException.class, () -> versions.of(0));
  }

  @Test
  void aVersionTakenMeanwhileIsPassedOver() throws Exception {
    Path base = folder.resolve("raced");
    try (SmallExport export = new SmallExport()) {
      Path version =
          export
              .exporter(SmallExport.STOP)
              .writeNext(
                  base,
                  prefix -> {
                    Bundle.of(export.program).save(prefix);
                    makeFolders(base.resolve("1/variables"));
                  },
                  export.tokenizer,
                  Map.of());
      assertEquals(base.resolve("2"), version);
      ServedModel.load(version).close();
    }
    assertEquals(List.of("1", "2", "batching.config", "models.config"), names(base));
  }

  private static void makeFolders(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aServerIsToldOfTheModelAndWhatItsOwnerWroteStays() throws Exception {
    Path base = folder.resolve("tiny \"q\"");
    try (SmallExport export = new SmallExport()) {
      export.write(base);
      String text = Files.readString(base.resolve("models.config"));
      var config = TextFormat.parse(text, ModelServerConfig.class).getModelConfigList();
      assertEquals("tiny \"q\"", config.getConfig(0).getName());
      assertEquals("/models/tiny \"q\"", config.getConfig(0).getBasePath());
      assertEquals("tensorflow", config.getConfig(0).getModelPlatform());
      assertTrue(
          Files.readString(base.resolve("batching.config"))
              .contains("pad_variable_length_inputs: true"));
      Files.writeString(base.resolve("models.config"), "mine");
      export.exporter().write(base, 2, Bundle.of(export.program)::save, export.tokenizer, Map.of());
      assertEquals("mine", Files.readString(base.resolve("models.config")));
    }
  }

  @Test
  void aKilledExportLeavesNoHalfVersion() throws Exception {
    Path base = Files.createDirectory(folder.resolve("killed"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ExportForever.class.getName(),
                base.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    // Killed while a version is being written, and one is there.
    while (!(Files.exists(base.resolve("1"))
        && names(base).stream().anyMatch(n -> n.endsWith(".tmp")))) {
      assertTrue(process.isAlive(), () -> read(folder.resolve("log")));
      Thread.sleep(1);
    }
    // What another process is filling stays: it goes on to its next versions.
    Path ours = null;
    try (SmallExport export = new SmallExport()) {
      ours =
          export
              .exporter()
              .writeNext(base, Bundle.of(export.program)::save, export.tokenizer, Map.of());
    }
    Path later = base.resolve(Long.toString(Long.parseLong(ours.getFileName().toString()) + 2));
    while (!(Files.exists(later) && names(base).stream().anyMatch(n -> n.endsWith(".tmp")))) {
      assertTrue(process.isAlive(), () -> read(folder.resolve("log")));
      Thread.sleep(1);
    }
    process.destroyForcibly();
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    List<String> versions = names(base).stream().filter(n -> n.matches("\\d+")).toList();
    for (String version : versions) {
      ServedModel.load(base.resolve(version)).close();
    }
    try (SmallExport export = new SmallExport()) {
      Path next =
          export
              .exporter()
              .writeNext(base, Bundle.of(export.program)::save, export.tokenizer, Map.of());
      assertEquals(Integer.toString(versions.size() + 1), next.getFileName().toString());
    }
    assertEquals(List.of(), names(base).stream().filter(n -> n.startsWith(".")).toList());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
