package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.DataException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.proto.MetaGraphDef;

/** The graph that XLA compiles answers as the plain one beside it. */
class CompiledServingTest {
  private static final int NEW = 20;

  @TempDir static Path folder;
  private static Path version;
  private static ServedModel plain;
  private static ServedModel compiled;

  @BeforeAll
  static void export() {
    try (SmallExport export = new SmallExport()) {
      version = export.writeWithXla(folder.resolve("model"), SmallExport.STOP);
    }
    plain = ServedModel.load(version);
    compiled = ServedModel.load(version, true);
  }

  @AfterAll
  static void close() {
    plain.close();
    compiled.close();
  }

  private static List<ServedModel.Ask> asks(float temperature, int topK, float topP) {
    List<ServedModel.Ask> asks = new ArrayList<>();
    for (int[] prompt : List.of(new int[] {5, 9, 300, 41}, new int[] {17}, new int[19])) {
      asks.add(new ServedModel.Ask(prompt, temperature, topK, topP, 11, NEW));
    }
    return asks;
  }

  private static void assertSame(List<ServedModel.Ask> asks) {
    List<ServedModel.Answer> expected = plain.generate(asks);
    List<ServedModel.Answer> answers = compiled.generate(asks);
    for (int i = 0; i < asks.size(); i++) {
      assertArrayEquals(expected.get(i).ids(), answers.get(i).ids());
      assertArrayEquals(expected.get(i).logps(), answers.get(i).logps(), 1e-5f);
      assertEquals(expected.get(i).finishReason(), answers.get(i).finishReason());
    }
  }

  @Test
  void greedyAnswersAreThePlainGraphs() {
    assertSame(asks(0, 0, 1));
  }

  @Test
  void sampledAnswersAreThePlainGraphs() {
    assertSame(asks(1, 40, 0.95f));
  }

  @Test
  void scoresAreThePlainGraphs() {
    List<int[]> rows = List.of(new int[] {1, 2}, new int[] {5, 9, 300, 41, 8});
    List<float[]> expected = plain.score(rows);
    List<float[]> scores = compiled.score(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertArrayEquals(expected.get(i), scores.get(i), 1e-5f);
    }
  }

  @Test
  void badRequestsAreErrorsHereToo() {
    try (RawModel raw = RawModel.load(version, "serve", "xla")) {
      assertThrows(
          TFInvalidArgumentException.class,
          () -> raw.generate(new RawModel.Request(new int[] {9}, new int[] {1}, 5, 9)));
      for (int id : new int[] {-1, 1 << 20}) {
        assertThrows(
            TFInvalidArgumentException.class,
            () -> raw.generate(new RawModel.Request(new int[] {1}, new int[] {1}, id)));
      }
      assertThrows(
          TFInvalidArgumentException.class,
          () -> raw.generate(new RawModel.Request(new int[] {1}, new int[] {1, 1}, 5, 9)));
    }
  }

  @Test
  void onlyTheSecondGraphMustBeCompiled() {
    List<MetaGraphDef> graphs =
        SavedModelFile.read(version.resolve("saved_model.pb")).getMetaGraphsList();
    assertEquals(List.of("serve"), graphs.get(0).getMetaInfoDef().getTagsList());
    assertEquals(List.of("serve", "xla"), graphs.get(1).getMetaInfoDef().getTagsList());
    assertFalse(graphs.get(0).toString().contains("_XlaMustCompile"));
    assertTrue(graphs.get(1).toString().contains("_XlaMustCompile"));
    assertEquals(SignatureFacts.of(graphs.get(0)), SignatureFacts.of(graphs.get(1)));
  }

  @Test
  void withoutAGraphForXlaThereIsNone() {
    try (SmallExport export = new SmallExport()) {
      Path other = export.write(folder.resolve("other"));
      DataException e = assertThrows(DataException.class, () -> ServedModel.load(other, true));
      assertTrue(e.getMessage().contains("--xla"), e.getMessage());
    }
  }
}
