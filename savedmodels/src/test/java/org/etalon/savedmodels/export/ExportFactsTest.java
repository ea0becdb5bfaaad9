package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;

/** A damaged or hostile version folder is refused by name. */
class ExportFactsTest {
  @TempDir static Path folder;
  private static Path version;

  @BeforeAll
  static void export() {
    try (SmallExport export = new SmallExport()) {
      version = export.write(folder, SmallExport.STOP);
    }
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(version)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  private static void refused(Path file) {
    DataException e = assertThrows(DataException.class, () -> ServedModel.load(version));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
  }

  @Test
  void holdsTheContractsFilesAndTheTokenizer() throws Exception {
    List<String> names = files().stream().map(f -> version.relativize(f).toString()).toList();
    assertTrue(
        names.containsAll(
            List.of(
                "saved_model.pb",
                "variables/variables.index",
                "variables/variables.data-00000-of-00001",
                "assets.extra/model.json",
                "assets.extra/tf_serving_warmup_requests",
                "assets.extra/tokenizer.json")),
        names.toString());
    ExportFacts facts = ExportFacts.verified(version);
    assertEquals(names.size() - 1, facts.sha256().size());
    assertEquals(List.of(SmallExport.STOP), facts.stopIds());
    assertEquals("test", facts.facts().get("run").asText());
    assertEquals(List.of("stop", "length"), facts.finishReasons());
    assertEquals(SmallExport.WINDOW, facts.limits().positions());
    assertEquals(Set.of("serving_default", "score"), facts.signatures().keySet());
    assertEquals(
        "DT_INT64 [-1]", facts.signatures().get("serving_default").inputs().get("seed").toString());
  }

  @Test
  void aFlippedByteInAnyFileIsNoticed() throws Exception {
    for (Path file : files()) {
      byte[] whole = Files.readAllBytes(file);
      for (int at : new int[] {0, whole.length / 3, whole.length - 1}) {
        byte[] flipped = whole.clone();
        flipped[at] ^= 0x10;
        Files.write(file, flipped);
        refused(file);
      }
      Files.write(file, whole);
    }
    ServedModel.load(version).close();
  }

  @Test
  void aMissingFileIsNoticed() throws Exception {
    for (Path file : files()) {
      Path aside = Files.move(file, folder.resolve("aside"));
      refused(file);
      Files.move(aside, file);
    }
  }

  @Test
  void aGraphThatReachesOutsideIsRefused() throws Exception {
    SavedModel model;
    try (InputStream in = Files.newInputStream(version.resolve("saved_model.pb"))) {
      model = SavedModel.parseFrom(in);
    }
    for (String op : List.of("ReadFile", "WriteFile", "PyFunc")) {
      NodeDef node = NodeDef.newBuilder().setName("leak").setOp(op).build();
      SavedModel.Builder top = model.toBuilder();
      top.getMetaGraphsBuilder(0).getGraphDefBuilder().addNode(node);
      SavedModel.Builder inner = model.toBuilder();
      inner
          .getMetaGraphsBuilder(0)
          .getGraphDefBuilder()
          .getLibraryBuilder()
          .getFunctionBuilder(0)
          .addNodeDef(node);
      for (SavedModel.Builder hostile : List.of(top, inner)) {
        Path file = folder.resolve("hostile.pb");
        Files.write(file, hostile.build().toByteArray());
        DataException e = assertThrows(DataException.class, () -> SafeGraph.check(file));
        assertTrue(e.getMessage().contains("node leak is a " + op), e.getMessage());
      }
    }
    Path noise = Files.write(folder.resolve("noise.pb"), new byte[] {9, 9, 9, 9});
    assertThrows(DataException.class, () -> SafeGraph.check(noise));
  }
}
