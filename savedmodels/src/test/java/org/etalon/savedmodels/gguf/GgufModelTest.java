package org.etalon.savedmodels.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.RopeScaling;
import org.etalon.savedmodels.folder.ModelFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GgufModelTest {
  private static final RopeScaling PLAIN = new RopeScaling.None();

  @TempDir Path folder;

  static Stream<ModelConfig> models() {
    RopeScaling yarn =
        new RopeScaling.Yarn(4, 1024, 32, 1, RopeScaling.Yarn.recommendedAttention(4), true);
    RopeScaling yarn2 =
        new RopeScaling.Yarn(8, 512, 24, 2, RopeScaling.Yarn.recommendedAttention(8), true);
    RopeScaling llama3 = new RopeScaling.Llama3(8, 1, 4, 1024);
    return Stream.of(
        SmallGguf.config(Architecture.LLAMA, PLAIN, true),
        SmallGguf.config(Architecture.LLAMA, llama3, false),
        SmallGguf.config(Architecture.LLAMA, new RopeScaling.Linear(2.5), true),
        SmallGguf.config(Architecture.QWEN2, yarn, true),
        SmallGguf.config(Architecture.QWEN2, yarn2, false),
        SmallGguf.config(Architecture.QWEN3, PLAIN, false));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aModelComesBackAsItWas(ModelConfig config) {
    Path file = folder.resolve("m.gguf");
    SmallGguf.write(file, config, GgufType.F32);
    GgufModel model = GgufModel.open(file);
    assertEquals(config, model.config());
    SmallGguf.weights(config)
        .forEach((name, values) -> assertArrayEquals(values, model.weight(name), name));
  }

  @Test
  void rowsOfEachHeadAreInterleavedForLlamaAlone() {
    float[] rows = {0, 1, 2, 3, 4, 5, 6, 7};
    float[] expected = {0, 2, 1, 3, 4, 6, 5, 7};
    assertArrayEquals(expected, GgufNames.interleaved(rows, 2, 4));
    assertArrayEquals(rows, GgufNames.halves(expected, 2, 4));
    ModelConfig llama = SmallGguf.config(Architecture.LLAMA, PLAIN, true);
    ModelConfig qwen = SmallGguf.config(Architecture.QWEN3, PLAIN, true);
    String q = "model.layers.1.self_attn.q_proj.weight";
    SmallGguf.write(folder.resolve("l.gguf"), llama, GgufType.F32);
    SmallGguf.write(folder.resolve("q.gguf"), qwen, GgufType.F32);
    assertArrayEquals(
        GgufNames.interleaved(SmallGguf.weights(llama).get(q), 4, 16),
        GgufFile.open(folder.resolve("l.gguf")).floats("blk.1.attn_q.weight"));
    assertArrayEquals(
        SmallGguf.weights(qwen).get(q),
        GgufFile.open(folder.resolve("q.gguf")).floats("blk.1.attn_q.weight"));
  }

  @Test
  void matricesTakeTheTypeAndVectorsStayFloat32() {
    Path file = folder.resolve("m.gguf");
    for (GgufType type : List.of(GgufType.F16, GgufType.BF16, GgufType.Q8_0)) {
      ModelConfig config = SmallGguf.config(Architecture.QWEN2, PLAIN, true);
      SmallGguf.write(file, config, type);
      GgufFile gguf = GgufFile.open(file);
      for (String name : gguf.names()) {
        GgufTensor tensor = gguf.tensor(name);
        assertEquals(tensor.shape().size() == 1 ? GgufType.F32 : type, tensor.type(), name);
      }
      float[] stored = GgufModel.open(file).weight("model.layers.0.mlp.up_proj.weight");
      float[] given = SmallGguf.weights(config).get("model.layers.0.mlp.up_proj.weight");
      assertArrayEquals(given, stored, 0.02f);
    }
    ModelConfig config = SmallGguf.config(Architecture.QWEN2, PLAIN, true);
    assertThrows(DataException.class, () -> SmallGguf.write(file, config, GgufType.Q4_0));
  }

  @Test
  void anImportIsAModelFolder() {
    Path file = folder.resolve("m.gguf");
    ModelConfig config = SmallGguf.config(Architecture.LLAMA, PLAIN, true);
    SmallGguf.write(file, config, GgufType.F32);
    GgufImport.write(file, folder.resolve("hf"));
    ModelFolder imported = ModelFolder.open(folder.resolve("hf"));
    assertEquals(config, imported.config());
    SmallGguf.weights(config)
        .forEach((name, values) -> assertArrayEquals(values, imported.weight(name), name));
  }

  @Test
  void whatIsNotComputedHereIsRefusedByName() {
    refused("general.architecture", new GgufValue.Text("mamba"), "llama, qwen2, qwen3");
    refused("llama.expert_count", new GgufValue.Whole(8), "llama.expert_count");
    refused("llama.attention.sliding_window", new GgufValue.Whole(512), "sliding_window");
    refused("llama.logit_scale", new GgufValue.Real(2), "llama.logit_scale");
    refused("llama.rope.dimension_count", new GgufValue.Whole(8), "the size of a head, 16");
    refused("llama.rope.scaling.type", new GgufValue.Text("longrope"), "none, linear or yarn");
    refused("llama.rope.scaling.attn_factor", new GgufValue.Real(1.5), "attn_factor");
    refused("llama.attention.value_length", new GgufValue.Whole(8), "value_length");
    refused("llama.attention.head_count_kv", new GgufValue.Whole(3), "multiple");
    refused("llama.vocab_size", new GgufValue.Whole(7), "the embedding's rows");
    refused("llama.block_count", new GgufValue.Whole(3), "blk.2.attn_norm.weight is missing");
    refused("llama.block_count", new GgufValue.Whole(1), "blk.1.attn_norm.weight is not part");
    refused("llama.block_count", new GgufValue.Whole(Integer.MAX_VALUE), "block_count");
    refused("llama.feed_forward_length", new GgufValue.Whole(65), "expected shape [65, 32]");
    refused("llama.context_length", new GgufValue.Text("long"), "an integer");
    refused("split.count", new GgufValue.Whole(2), "split.count");
    refused("general.type", new GgufValue.Text("adapter"), "general.type");
  }

  private void refused(String key, GgufValue value, String said) {
    ModelConfig config = SmallGguf.config(Architecture.LLAMA, PLAIN, true);
    Path file = folder.resolve("m.gguf");
    SmallGguf.write(file, config, GgufType.F32);
    GgufFile whole = GgufFile.open(file);
    Map<String, GgufValue> metadata = new LinkedHashMap<>(whole.metadata().values());
    metadata.put(key, value);
    Map<String, GgufWriter.Plan> plans = new LinkedHashMap<>();
    for (String name : whole.names()) {
      plans.put(name, new GgufWriter.Plan(GgufType.F32, whole.tensor(name).shape()));
    }
    Path changed = folder.resolve("changed.gguf");
    GgufWriter.write(changed, metadata, plans, whole::floats);
    DataException refusal = assertThrows(DataException.class, () -> GgufModel.open(changed));
    assertTrue(refusal.getMessage().contains(said), refusal.getMessage());
    assertTrue(refusal.getMessage().startsWith(changed + ": "), refusal.getMessage());
  }

  @Test
  void factorsThatAreNotLlama3sAreRefused() {
    float[] factors = RopeFactors.of(new RopeScaling.Llama3(32, 1, 4, 8192), 64, 5e5);
    assertEquals(
        new RopeScaling.Llama3(32, 1, 4, 8192), RopeFactors.scaling("f", factors, 64, 5e5));
    factors[20] *= 1.01f;
    assertThrows(DataException.class, () -> RopeFactors.scaling("f", factors, 64, 5e5));
    assertThrows(DataException.class, () -> RopeFactors.scaling("f", new float[0], 64, 5e5));
  }

  @Test
  void aScalingThatLlamaCppHasNotIsNotExported() {
    Path file = folder.resolve("m.gguf");
    ModelConfig yarn =
        SmallGguf.config(Architecture.QWEN2, new RopeScaling.Yarn(4, 1024, 32, 1, 1.0, true), true);
    ModelConfig llama3 =
        SmallGguf.config(Architecture.QWEN2, new RopeScaling.Llama3(8, 1, 4, 1024), true);
    assertThrows(DataException.class, () -> SmallGguf.write(file, yarn, GgufType.F32));
    assertThrows(DataException.class, () -> SmallGguf.write(file, llama3, GgufType.F32));
  }
}
