package org.etalon.savedmodels.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.savedmodels.safetensors.SafetensorsWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
  private static TokenizerFile tokenizer;

  @TempDir Path temporary;

  @BeforeAll
  static void load() {
    tokenizer = TokenizerFile.builtin();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static ModelConfig config(boolean tied) {
    return ModelConfig.qwen2(tokenizer.vocabSize(), 16, 24, 2, 4, 2, 4, 1e4, 1e-6, tied, 64);
  }

  private static Map<String, float[]> weights(ModelConfig config) {
    Random random = new Random(5);
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (ParameterSpec spec : config.parameters()) {
      float[] values = new float[(int) spec.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      weights.put(spec.name(), values);
    }
    return weights;
  }

  private static void assertSame(Map<String, float[]> expected, Map<String, float[]> got) {
    assertEquals(List.copyOf(expected.keySet()), List.copyOf(got.keySet()));
    expected.forEach((name, values) -> assertArrayEquals(values, got.get(name), name));
  }

  private static void overwrite(
      Path folder, Map<String, List<Long>> shapes, Map<String, float[]> values) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      SafetensorsWriter.write(out, shapes, values::get);
    }
  }

  private static Map<String, List<Long>> shapes(ModelConfig config) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    config.parameters().forEach(spec -> shapes.put(spec.name(), spec.dims()));
    return shapes;
  }

  private static void refused(Path folder, String reason) {
    DataException e = assertThrows(DataException.class, () -> ModelFolder.open(folder));
    assertTrue(e.getMessage().startsWith(folder.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  @Test
  void aModelComesBackAsItWas() throws Exception {
    for (boolean tied : new boolean[] {true, false}) {
      Path first = temporary.resolve("first" + tied);
      Path second = temporary.resolve("second" + tied);
      ModelFolder.write(first, config(tied), weights(config(tied)), tokenizer);

      ModelFolder opened = ModelFolder.open(first);
      assertEquals(config(tied), opened.config());
      assertSame(weights(config(tied)), opened.weights());

      ModelFolder.write(second, opened.config(), opened.weights(), opened.tokenizerFolder());
      try (Stream<Path> files = Files.list(first)) {
        for (Path file : files.toList()) {
          Path copy = second.resolve(file.getFileName());
          assertEquals(-1, Files.mismatch(file, copy), file.toString());
        }
      }
    }
  }

  @Test
  void theTokenizerGoesAlong() {
    Path folder = temporary.resolve("m");
    ModelFolder.write(folder, config(true), weights(config(true)), tokenizer);
    try (TokenizerFile copy = ModelFolder.open(folder).tokenizer()) {
      assertArrayEquals(tokenizer.encode("3x + 1 = 7"), copy.encode("3x + 1 = 7"));
      assertEquals(tokenizer.eosId(), copy.eosId());
    }
  }

  @Test
  void anExistingFolderIsLeftAlone() throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("m"));
    Files.writeString(folder.resolve("mine"), "x");
    DataException e =
        assertThrows(
            DataException.class,
            () -> ModelFolder.write(folder, config(true), weights(config(true)), tokenizer));
    assertTrue(e.getMessage().contains("already exists"), e.getMessage());
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(List.of(folder), files.toList());
    }
    assertEquals("x", Files.readString(folder.resolve("mine")));
  }

  @Test
  void unusableWeightsLeaveNothingBehind() throws Exception {
    Path folder = temporary.resolve("m");
    Map<String, float[]> missing = weights(config(true));
    missing.remove("model.norm.weight");
    Map<String, float[]> extra = weights(config(true));
    extra.put("lm_head.weight", new float[1]);
    Map<String, float[]> diverged = weights(config(true));
    diverged.get("model.norm.weight")[3] = Float.NaN;
    Map<String, float[]> shorter = weights(config(true));
    shorter.put("model.norm.weight", new float[3]);
    for (Map<String, float[]> weights : List.of(missing, extra, diverged, shorter)) {
      RuntimeException e =
          assertThrows(
              RuntimeException.class,
              () -> ModelFolder.write(folder, config(true), weights, tokenizer));
      assertTrue(e.getMessage().matches(".*(model.norm|lm_head).weight.*"), e.getMessage());
    }
    try (Stream<Path> files = Files.list(temporary)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void aTokenizerLargerThanTheVocabularyIsRefused() {
    var small = ModelConfig.qwen2(100, 16, 24, 1, 4, 2, 4, 1e4, 1e-6, true, 64);
    DataException e =
        assertThrows(
            DataException.class,
            () -> ModelFolder.write(temporary.resolve("m"), small, weights(small), tokenizer));
    assertTrue(e.getMessage().contains("vocabulary is 100"), e.getMessage());
  }

  @Test
  void weightsThatDoNotFitTheConfigurationAreRefused() throws Exception {
    Path folder = temporary.resolve("m");
    ModelConfig config = config(true);
    ModelFolder.write(folder, config, weights(config), tokenizer);

    Map<String, List<Long>> shapes = shapes(config);
    shapes.put("model.layers.1.mlp.down_proj.weight", List.of(24L, 16L));
    overwrite(folder, shapes, weights(config));
    refused(folder, "tensor model.layers.1.mlp.down_proj.weight: expected shape [16, 24]");

    Map<String, List<Long>> fewer = shapes(config);
    fewer.remove("model.layers.0.self_attn.q_proj.bias");
    overwrite(folder, fewer, weights(config));
    refused(folder, "missing model.layers.0.self_attn.q_proj.bias");

    Files.delete(folder.resolve("model.safetensors"));
    refused(folder, "model.safetensors");
    Files.writeString(folder.resolve("model.safetensors.index.json"), "{}");
    refused(folder, "weight_map");
    Files.delete(folder.resolve("config.json"));
    refused(folder, "config.json");
  }

  @Test
  void aTiedHeadMayBeStoredButNotDiffer() throws Exception {
    Path folder = temporary.resolve("m");
    ModelConfig config = config(true);
    ModelFolder.write(folder, config, weights(config), tokenizer);
    Map<String, List<Long>> shapes = shapes(config);
    shapes.put("lm_head.weight", shapes.get("model.embed_tokens.weight"));
    Map<String, float[]> values = weights(config);
    values.put("lm_head.weight", values.get("model.embed_tokens.weight").clone());
    overwrite(folder, shapes, values);
    assertSame(weights(config), ModelFolder.open(folder).weights());

    values.get("lm_head.weight")[7] += 1;
    overwrite(folder, shapes, values);
    refused(folder, "tie_word_embeddings");
  }
}
