package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etalon.data.DataException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.SavedModel;

class DescriptionTest {
  @TempDir static Path folder;
  private static Path version;

  @BeforeAll
  static void export() {
    try (SmallExport export = new SmallExport()) {
      version = export.write(folder.resolve("model"), SmallExport.STOP);
    }
  }

  @Test
  void itShowsSignaturesOperationsFilesAndFacts() {
    String text = Description.of(version);
    for (String line :
        List.of(
            "graph with the tags serve\n",
            "  signature score, method tensorflow/serving/predict\n",
            """
              signature serving_default, method tensorflow/serving/predict
                in  ids: DT_INT32 [-1, -1]
                in  lengths: DT_INT32 [-1]
                in  max_new_tokens: DT_INT32 [-1]
                in  seed: DT_INT64 [-1]
                in  temperature: DT_FLOAT [-1]
                in  top_k: DT_INT32 [-1]
                in  top_p: DT_FLOAT [-1]
                out finish_reason: DT_INT32 [-1]
                out ids: DT_INT32 [-1, -1]
                out lengths: DT_INT32 [-1]
                out logprobs: DT_FLOAT [-1, -1]
            """,
            "RestoreV2 1,",
            "StatelessIf 2,",
            "StatelessWhile 6,",
            "accepted: stays inside",
            "variables/variables.index",
            "assets.extra/tf_serving_warmup_requests",
            "weights: float32",
            "stop ids: [7], pad id:",
            "finish_reason 0: stop",
            "finish_reason 1: length",
            "most tokens of a prompt and its response: 64",
            "run: \"test\"")) {
      assertTrue(text.contains(line), () -> line + " is not in\n" + text);
    }
  }

  @Test
  void aModelsFolderIsItsNewestVersion() {
    assertEquals(Description.of(version), Description.of(folder.resolve("model")));
  }

  @Test
  void aGraphThatWouldBeRefusedIsDescribedAndMarked() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other"));
    SavedModel.Builder model;
    try (InputStream in = Files.newInputStream(version.resolve("saved_model.pb"))) {
      model = SavedModel.parseFrom(in).toBuilder();
    }
    model
        .getMetaGraphsBuilder(0)
        .getGraphDefBuilder()
        .addNodeBuilder()
        .setName("leak")
        .setOp("ReadFile");
    Files.write(other.resolve("saved_model.pb"), model.build().toByteArray());
    String text = Description.of(other);
    assertTrue(text.contains("REFUSED: node leak is a ReadFile"), text);
    assertTrue(text.contains("not written by etalon export"), text);
  }

  @Test
  void aFolderWithoutModelIsNamed() {
    DataException e = assertThrows(DataException.class, () -> Description.of(folder));
    assertTrue(e.getMessage().startsWith(folder + ": holds no saved_model.pb"), e.getMessage());
  }
}
