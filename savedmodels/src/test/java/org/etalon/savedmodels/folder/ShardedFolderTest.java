package org.etalon.savedmodels.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etalon.data.DataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A folder of two files and an index, and what can be wrong with it. */
class ShardedFolderTest {
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir Path temporary;
  private Path folder;
  private String index;

  @BeforeEach
  void copySaved() throws Exception {
    folder = Files.createDirectory(temporary.resolve("m"));
    for (String name : List.of("config.json", FIRST, SECOND, INDEX)) {
      Files.copy(Path.of("src/test/resources/golden/hf/saved", name), folder.resolve(name));
    }
    index = Files.readString(folder.resolve(INDEX));
  }

  private void refused(String reason) {
    DataException e = assertThrows(DataException.class, () -> ModelFolder.open(folder));
    assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(e.getMessage().length() < 1000, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          model-00002-of-00002.safetensors | ../m/model-00002-of-00002.safetensors | plain name
          model-00002-of-00002.safetensors | /etc/passwd                           | plain name
          model-00002-of-00002.safetensors | ..                                    | plain name
          model-00002-of-00002.safetensors | a\\\\\\\\b.safetensors                    | plain name
          model-00002-of-00002.safetensors | a\\\\u0000.safetensors                  | plain name
          model-00002-of-00002.safetensors | .hidden.safetensors                   | plain name
          model-00002-of-00002.safetensors | config.json                           | plain name
          model-00002-of-00002.safetensors | absent.safetensors                    | absent.safetensors: missing
          "weight_map"                     | "weights"                             | unknown field weights
          "metadata": {                    | "metadata": 3, "more": {              | metadata
          "lm_head.weight"                 | "lm_head.wight"                       | named for the file but not in it
          """)
  void anIndexThatLiesIsRefused(String part, String replacement, String reason) throws Exception {
    Files.writeString(folder.resolve(INDEX), index.replace(part, replacement));
    refused(reason);
  }

  @Test
  void aTensorThatIsNotNamedOrNamedForAnotherFileIsRefused() throws Exception {
    Files.writeString(
        folder.resolve(INDEX), index.replaceAll("\"lm_head.weight\": \"[^\"]*\",", ""));
    refused("lm_head.weight is in the file but not named for it");
    Files.writeString(
        folder.resolve(INDEX),
        index.replace("\"lm_head.weight\": \"" + SECOND, "\"lm_head.weight\": \"" + FIRST));
    refused("lm_head.weight");
  }

  @Test
  void aTensorThatIsNamedTwiceIsRefused() throws Exception {
    String twice = "\"weight_map\": {\"lm_head.weight\": \"" + FIRST + "\",";
    Files.writeString(folder.resolve(INDEX), index.replace("\"weight_map\": {", twice));
    refused("Duplicate field 'lm_head.weight'");
  }

  @Test
  void aLinkOutOfTheFolderIsRefusedButThatOfADownloadCacheIsNot() throws Exception {
    Path outside = Files.createDirectory(temporary.resolve("blobs")).resolve("0123");
    Files.move(folder.resolve(SECOND), outside);
    Files.createSymbolicLink(folder.resolve(SECOND), outside);
    refused("link to a place outside");

    Path snapshot = Files.createDirectory(temporary.resolve("snapshots")).resolve("revision");
    Files.move(folder, snapshot);
    ModelFolder cached = ModelFolder.open(snapshot);
    assertEquals(83 * 42, cached.weight("lm_head.weight").length);
  }

  @Test
  void oneFileBesideAnIndexIsAmbiguous() throws Exception {
    Files.copy(folder.resolve(FIRST), folder.resolve("model.safetensors"));
    refused("found both");
  }

  @Test
  void aWeightComesInPiecesFromItsFile() {
    ModelFolder model = ModelFolder.open(folder);
    float[] whole = model.weight("lm_head.weight");
    float[] pieces = new float[whole.length];
    model.read(
        "lm_head.weight",
        (from, piece, count) -> System.arraycopy(piece, 0, pieces, (int) from, count));
    assertArrayEquals(whole, pieces);
  }

  @Test
  void aConfigurationOfABillionLayersIsRefusedAtOnce() throws Exception {
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(
        config,
        text.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2000000000")
            .replaceAll("(?s)\"layer_types\": \\[.*?\\],", ""));
    refused("num_hidden_layers");
  }

  @Test
  void anIndexThatIsFarTooLargeIsRefused() throws Exception {
    Files.writeString(folder.resolve(INDEX), "{\"metadata\":" + " ".repeat(33 << 20));
    refused("at most");
    StringBuilder many = new StringBuilder("{\"weight_map\":{\"x\":\"a.safetensors\"");
    for (int i = 0; i <= ShardIndex.MAX_TENSORS; i++) {
      many.append(",\"").append(i).append("\":\"a.safetensors\"");
    }
    Files.writeString(folder.resolve(INDEX), many.append("}}"));
    refused("at most 200000 tensors");
  }
}
