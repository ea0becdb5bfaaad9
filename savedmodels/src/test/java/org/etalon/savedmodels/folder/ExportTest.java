package org.etalon.savedmodels.folder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.RopeScaling;
import org.etalon.savedmodels.safetensors.Dtype;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExportTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
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

  private static ModelConfig config(Architecture architecture, boolean tied) {
    return new ModelConfig(
        architecture,
        tokenizer.vocabSize() + 3,
        18,
        26,
        2,
        3,
        1,
        6,
        1e4,
        new RopeScaling.Yarn(4, 16, 8, 1, 1.25, true),
        1e-6,
        tied,
        64);
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

  private Path write(String name, ModelConfig config, ExportOptions options) {
    Path folder = temporary.resolve(name);
    ModelFolder.write(folder, config, weights(config)::get, tokenizer, options);
    return folder;
  }

  private static void assertSameFiles(Path first, Path second) throws Exception {
    assertEquals(names(first), names(second));
    for (String name : names(first)) {
      assertEquals(-1, Files.mismatch(first.resolve(name), second.resolve(name)), name);
    }
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Dtype.class)
  void aFolderComesBackByteForByte(Dtype dtype) throws Exception {
    for (Architecture architecture : Architecture.values()) {
      ModelConfig config = config(architecture, architecture == Architecture.LLAMA);
      ExportOptions options = ExportOptions.defaults().withDtype(dtype).withShardBytes(6_000);
      Path first = write("first" + architecture, config, options);
      ModelFolder read = ModelFolder.open(first);
      assertEquals(config, read.config());
      assertEquals(dtype, read.dtype("model.norm.weight"));
      Path second = temporary.resolve("second" + architecture);
      try (TokenizerFile own = read.tokenizer()) {
        ModelFolder.write(
            second,
            read.config(),
            read::weight,
            own,
            ExportOptions.defaults().withShardBytes(6_000).withOrigin(read.origin()));
      }
      assertSameFiles(first, second);
    }
  }

  @Test
  void whatTransformersWroteComesBackTensorForTensor() throws Exception {
    ModelFolder saved = ModelFolder.open(Path.of("src/test/resources/golden/hf/saved"));
    Path folder = temporary.resolve("m");
    // The model's vocabulary is smaller than any tokenizer here: its weights only.
    FolderWriter writer =
        new FolderWriter(
            folder,
            saved.config(),
            saved::weight,
            tokenizer,
            ExportOptions.defaults().withOrigin(saved.origin()));
    Files.createDirectory(folder);
    writer.writeWeights(folder);
    Files.writeString(folder.resolve(ConfigJson.FILE), saved.origin().config());
    ModelFolder written = ModelFolder.open(folder);
    for (ParameterSpec spec : saved.config().parameters()) {
      assertEquals(Dtype.BF16, written.dtype(spec.name()));
      assertArrayEquals(saved.weight(spec.name()), written.weight(spec.name()));
    }
  }

  @Test
  void shardsAreFilledInOrderAndTheIndexNamesThem() throws Exception {
    ModelConfig config = config(Architecture.QWEN3, false);
    Path folder = write("m", config, ExportOptions.defaults().withShardBytes(8_000));
    JsonNode index = JSON.readTree(folder.resolve("model.safetensors.index.json").toFile());
    assertEquals(config.parameterCount() * 4, index.at("/metadata/total_size").asLong());
    assertEquals(config.parameters().size(), index.get("weight_map").size());
    List<String> shards =
        names(folder).stream().filter(name -> name.endsWith(".safetensors")).toList();
    assertTrue(shards.size() > 2, shards.toString());
    for (int i = 0; i < shards.size(); i++) {
      assertEquals("model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size()), shards.get(i));
    }
    Map<String, float[]> weights = weights(config);
    weights.forEach(
        (name, values) -> assertArrayEquals(values, ModelFolder.open(folder).weight(name)));
  }

  @Test
  void anUntouchedConfigurationAndItsCompanionsAreKept() throws Exception {
    ModelConfig config = config(Architecture.LLAMA, true);
    Path first = write("first", config, ExportOptions.defaults());
    Path configFile = first.resolve(ConfigJson.FILE);
    String original =
        Files.readString(configFile).replace("\"bos_token_id\" : null", "\"bos_token_id\" : 17");
    assertTrue(original.contains("17"));
    Files.writeString(configFile, original);
    String generation = "{\"eos_token_id\": [4, 5], \"top_p\": 0.8}";
    Files.writeString(first.resolve("generation_config.json"), generation);
    ModelFolder read = ModelFolder.open(first);
    assertEquals(Set.of(4, 5), read.stopIds());

    Path second =
        write("second", read.config(), ExportOptions.defaults().withOrigin(read.origin()));
    assertEquals(original, Files.readString(second.resolve(ConfigJson.FILE)));
    assertEquals(generation, Files.readString(second.resolve("generation_config.json")));

    Files.delete(first.resolve("generation_config.json"));
    ModelFolder without = ModelFolder.open(first);
    assertEquals(Set.of(tokenizer.eosId()), without.stopIds());
    Path third =
        write(
            "third",
            without.config(),
            ExportOptions.defaults().withOrigin(without.origin()).withDtype(Dtype.BF16));
    assertFalse(Files.exists(third.resolve("generation_config.json")));
    String changed = Files.readString(third.resolve(ConfigJson.FILE));
    assertTrue(changed.contains("\"bfloat16\"") && changed.contains("17"), changed);
  }

  @Test
  void aValueThatAHalfCannotStoreIsRefused() {
    ModelConfig config = config(Architecture.QWEN2, true);
    Map<String, float[]> weights = weights(config);
    weights.get("model.norm.weight")[2] = 70_000;
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                ModelFolder.write(
                    temporary.resolve("m"),
                    config,
                    weights::get,
                    tokenizer,
                    ExportOptions.defaults().withDtype(Dtype.F16)));
    assertTrue(e.getMessage().contains("model.norm.weight holds 70000"), e.getMessage());
    assertFalse(Files.exists(temporary.resolve("m")));
  }

  @Test
  void theCardTellsTheFactsInYamlAndInATable() throws Exception {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("base_model", "Qwen/Qwen2.5-Math-1.5B");
    facts.put("stages", List.of("sft", "probe", "fuse", "mgpo"));
    facts.put("note", "a|b: \"c\"\n--- # '%' é 😀 \u0085 yes");
    facts.put("metrics", Map.of("pass@1", 0.25));
    facts.put("steps", 120);
    ModelCard card = new ModelCard("Small model", facts);
    Path folder =
        write("m", config(Architecture.QWEN2, true), ExportOptions.defaults().withCard(card));
    String text = Files.readString(folder.resolve("README.md"));
    assertTrue(text.startsWith("---\n"));
    int end = text.indexOf("\n---\n");
    JsonNode front = YAMLMapper.builder().build().readTree(text.substring(4, end));
    assertEquals("Qwen/Qwen2.5-Math-1.5B", front.get("base_model").asText());
    assertEquals("transformers", front.get("library_name").asText());
    assertEquals(facts.get("note"), front.at("/etalon/note").asText());
    assertEquals(0.25, front.get("etalon").get("metrics").get("pass@1").asDouble());
    assertTrue(text.contains("\n| metrics.pass@1 | 0.25 |\n"), text);
    assertTrue(text.contains("| note | a\\|b: \"c\" --- # '%' é 😀   yes |"), text);
    assertThrows(IllegalArgumentException.class, () -> new ModelCard("a\nb", facts));
  }
}
