package org.etalon.savedmodels.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.etalon.data.DataException;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.RopeScaling;
import org.etalon.savedmodels.safetensors.Dtype;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigJsonTest {
  private static final String FILE = "m/config.json";

  /** The fields that Qwen2.5-Math-1.5B has, and their values. */
  private static final String QWEN =
      """
      {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643,
       "eos_token_id": 151643, "hidden_act": "silu", "hidden_size": 1536,
       "initializer_range": 0.02, "intermediate_size": 8960, "max_position_embeddings": 4096,
       "max_window_layers": 21, "model_type": "qwen2", "num_attention_heads": 12,
       "num_hidden_layers": 28, "num_key_value_heads": 2, "rms_norm_eps": 1e-06,
       "rope_theta": 10000, "sliding_window": 4096, "tie_word_embeddings": true,
       "torch_dtype": "bfloat16", "transformers_version": "4.44.0", "use_cache": true,
       "use_mrope": false, "use_sliding_window": false, "vocab_size": 151936}
      """;

  private static final ModelConfig QWEN_CONFIG =
      ModelConfig.qwen2(151936, 1536, 8960, 28, 12, 2, 128, 10_000, 1e-6, true, 4096);

  private static DataException refused(String text) {
    DataException e = assertThrows(DataException.class, () -> ConfigJson.read(FILE, text));
    assertTrue(e.getMessage().startsWith(FILE), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    return e;
  }

  @Test
  void readsAPublishedConfiguration() {
    assertEquals(QWEN_CONFIG, ConfigJson.read(FILE, QWEN));
  }

  @Test
  void readsBackWhatItWrites() {
    var odd = ModelConfig.qwen2(300, 48, 80, 3, 6, 2, 10, 12345.5, 3e-7, false, 77);
    assertEquals(odd, ConfigJson.read(FILE, ConfigJson.write(odd, 2, 3)));
    assertEquals(QWEN_CONFIG, ConfigJson.read(FILE, ConfigJson.write(QWEN_CONFIG, 2, 3)));
    String opened = ConfigJson.write(QWEN_CONFIG, OptionalInt.of(7), 2, 3, Dtype.BF16);
    assertEquals(7, JsonFields.parse(FILE, opened).node().get("bos_token_id").asInt());
  }

  @Test
  void readsTheNewerFormOfRotaryParameters() {
    String newer =
        QWEN.replace(
            "\"rope_theta\": 10000",
            "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 1e6}, "
                + "\"layer_types\": [\"full_attention\"], \"dtype\": \"bfloat16\"");
    assertEquals(1e6, ConfigJson.read(FILE, newer).ropeTheta());
  }

  @Test
  void headsShareTheWidthWhereNoSizeIsGiven() {
    assertEquals(128, ConfigJson.read(FILE, QWEN).headDim());
    String given = QWEN.replace("\"use_cache\": true", "\"head_dim\": 64");
    assertEquals(64, ConfigJson.read(FILE, given).headDim());
  }

  @Test
  void theHeadIsUntiedWhereNothingIsSaid() {
    String silent = QWEN.replace("\"tie_word_embeddings\": true,", "");
    assertEquals(false, ConfigJson.read(FILE, silent).tied());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "model_type": "qwen2"          | "model_type": "gemma"                  | expected "qwen2", "qwen3", "llama", got "gemma"
          "model_type": "qwen2",         |                                        | model_type: expected "qwen2", "qwen3", "llama", got nothing
          Qwen2ForCausalLM               | Qwen2ForSequenceClassification         | architectures: expected ["Qwen2ForCausalLM"]
          "use_cache": true              | "attention_bias": true                 | attention_bias: expected false
          "use_cache": true              | "mlp_bias": true                       | mlp_bias: expected false
          "use_cache": true              | "partial_rotary_factor": 0.5           | partial_rotary_factor: expected 1
          "use_cache": true              | "auto_map": {}                         | unknown field auto_map
          "use_cache": true              | "hiden_size": 4                        | did you mean hidden_size?
          "use_cache": true              | "quantization_config": {}              | quantization_config: expected nothing
          "use_cache": true              | "model_type": "qwen2"                  | Duplicate field
          "hidden_act": "silu"           | "hidden_act": "gelu"                   | hidden_act: expected "silu", got "gelu"
          "use_sliding_window": false    | "use_sliding_window": true             | use_sliding_window: expected false
          "use_mrope": false             | "use_mrope": true                      | use_mrope: expected false
          "use_cache": true              | "rope_scaling": {"type": "yarn"}       | rope_scaling.factor: expected a positive number
          "use_cache": true              | "rope_scaling": {"factor": 2.0}        | rope_scaling.rope_type: expected default, linear, llama3 or yarn, got nothing
          "use_cache": true              | "rope_scaling": {"type": "dynamic"}    | rope_scaling.type: expected default, linear, llama3 or yarn, got "dynamic"
          "use_cache": true              | "rope_scaling": {"rope_type": "longrope"} | got "longrope"
          "use_cache": true              | "rope_scaling": {"rope_type": "su"}    | got "su"
          "use_cache": true              | "rope_scaling": {"rope_type": "linear", "factr": 2.0} | did you mean rope_scaling.factor?
          "use_cache": true              | "rope_scaling": {"rope_type": "linear", "factor": 0.5} | factor of at least 1
          "use_cache": true              | "rope_scaling": {"rope_type": "linear", "type": "yarn", "factor": 2} | rope_scaling.type: expected the same
          "use_cache": true              | "rope_scaling": {"rope_type": "linear", "factor": 2, "beta_fast": 3} | unknown field rope_scaling.beta_fast
          "use_cache": true              | "rope_scaling": {"rope_type": "llama3", "factor": 2} | rope_scaling.low_freq_factor
          "use_cache": true              | "rope_scaling": {"rope_type": "yarn", "factor": 2, "mscale": 1} | rope_scaling.mscale: expected mscale together
          "use_cache": true              | "rope_scaling": {"rope_type": "yarn", "factor": 2, "beta_slow": 64} | beta_slow < beta_fast
          "use_cache": true              | "rope_scaling": []                     | rope_scaling: expected an object
          "rope_theta": 10000            | "rope_theta": 1, "rope_scaling": {"rope_type": "yarn", "factor": 2} | rope_theta: expected more than 1 for yarn
          "use_cache": true              | "rope_parameters": {"rope_type": "default", "rope_theta": 5} | rope_theta: expected what rope_parameters says
          "use_cache": true              | "layer_types": ["sliding_attention"]   | layer_types
          "use_cache": true              | "rope_parameters": {"rope_type":"yarn"}| rope_parameters
          "hidden_size": 1536            | "hidden_size": "1536"                  | hidden_size: expected a positive integer, got "1536"
          "hidden_size": 1536            | "hidden_size": 1536.5                  | hidden_size: expected a positive integer
          "hidden_size": 1536            | "hidden_size": -1                      | hidden_size: expected a positive integer
          "vocab_size": 151936           | "vocab_size": 99999999999              | vocab_size: expected a positive integer
          "num_attention_heads": 12,     |                                        | num_attention_heads: expected a positive integer, got nothing
          "rope_theta": 10000            | "rope_theta": 0                        | rope_theta: expected a positive number, got 0
          "rms_norm_eps": 1e-06          | "rms_norm_eps": 1e999                  | rms_norm_eps: expected a positive number
          "tie_word_embeddings": true    | "tie_word_embeddings": 1               | tie_word_embeddings: expected true or false
          "num_key_value_heads": 2       | "num_key_value_heads": 5               | multiple of
          """)
  void anUnusableFieldIsNamed(String field, String replacement, String reason) {
    String text = QWEN.replace(field, replacement == null ? "" : replacement);
    DataException e = refused(text);
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }

  private static String with(String field) {
    return QWEN.replace("\"use_cache\": true", field);
  }

  @ParameterizedTest
  @EnumSource(Architecture.class)
  void everyKindAndScalingIsReadBackAsItWasWritten(Architecture architecture) {
    for (RopeScaling scaling :
        List.of(
            new RopeScaling.None(),
            new RopeScaling.Linear(2.5),
            new RopeScaling.Llama3(8, 1, 4, 32),
            new RopeScaling.Yarn(4, 16, 30, 2, 1.25, false))) {
      var config =
          new ModelConfig(
              architecture, 300, 48, 80, 3, 6, 2, 10, 12345.5, scaling, 3e-7, true, 128);
      assertEquals(config, ConfigJson.read(FILE, ConfigJson.write(config, 2, 3)));
    }
  }

  @Test
  void missingFieldsAreWhatTransformersMakesOfThem() {
    String least =
        "{'model_type': '%s', 'vocab_size': 9, 'hidden_size': 640, 'intermediate_size': 7,"
            + " 'num_hidden_layers': 2, 'num_attention_heads': 64}";
    for (Architecture a : Architecture.values()) {
      String text = least.formatted(a.name().toLowerCase(Locale.ROOT)).replace('\'', '"');
      ModelConfig read = ConfigJson.read(FILE, text);
      boolean llama = a == Architecture.LLAMA;
      assertEquals(llama ? 64 : 32, read.kvHeads(), "num_key_value_heads");
      assertEquals(a == Architecture.QWEN3 ? 128 : 10, read.headDim(), "head_dim");
      assertEquals(llama ? 2048 : 32768, read.maxPositions());
      assertEquals(10_000, read.ropeTheta());
      assertEquals(1e-6, read.normEpsilon());
      assertEquals(false, read.tied());
    }
  }

  @Test
  void yarnHasTheDefaultsOfTransformers() {
    assertEquals(
        new RopeScaling.Yarn(4, 4096, 32, 1, 0.1 * Math.log(4) + 1, true),
        ConfigJson.read(FILE, with("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}"))
            .ropeScaling());
  }

  @Test
  void aSlidingWindowThatNoLayerHasIsAccepted() {
    String on = QWEN.replace("\"use_sliding_window\": false", "\"use_sliding_window\": true");
    refused(on);
    assertEquals(
        QWEN_CONFIG,
        ConfigJson.read(
            FILE, on.replace("\"max_window_layers\": 21", "\"max_window_layers\": 28")));
  }

  @Test
  void anUnchangedConfigurationIsTheSameText() {
    assertEquals(QWEN, ConfigJson.rewrite(FILE, QWEN, QWEN_CONFIG, Dtype.BF16));
  }

  @Test
  void onlyWhatChangedIsReplaced() {
    String many = QWEN.replace("\"eos_token_id\": 151643", "\"eos_token_id\": [7, 9]");
    ModelConfig longer = QWEN_CONFIG.withPositions(2e6, new RopeScaling.Linear(2), 8192);
    String written = ConfigJson.rewrite(FILE, many, longer, Dtype.F32);
    assertEquals(longer, ConfigJson.read(FILE, written));
    assertTrue(written.contains("\"torch_dtype\" : \"float32\""), written);
    assertTrue(written.contains("\"eos_token_id\" : [ 7, 9 ]"), written);
    assertTrue(written.contains("\"max_window_layers\" : 21"), written);
  }

  @Test
  void yarnKeepsItsWindowWhenTheModelsChanges() {
    String yarn = with("\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}");
    ModelConfig read = ConfigJson.read(FILE, yarn);
    ModelConfig longer = read.withPositions(read.ropeTheta(), read.ropeScaling(), 9000);
    assertEquals(longer, ConfigJson.read(FILE, ConfigJson.rewrite(FILE, yarn, longer, Dtype.BF16)));
  }

  @Test
  void theNewerFormOfRotaryParametersIsKept() {
    String newer =
        QWEN.replace(
            "\"rope_theta\": 10000",
            "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 1e6}");
    ModelConfig longer =
        ConfigJson.read(FILE, newer).withPositions(5e6, new RopeScaling.Linear(3), 4096);
    String written = ConfigJson.rewrite(FILE, newer, longer, Dtype.BF16);
    assertEquals(longer, ConfigJson.read(FILE, written));
    assertTrue(!written.contains("rope_scaling"), written);
  }

  @Test
  void aModelOfAnotherKindIsNotWrittenOverIt() {
    var llama =
        new ModelConfig(
            Architecture.LLAMA,
            300,
            48,
            80,
            3,
            6,
            2,
            10,
            1e4,
            new RopeScaling.None(),
            1e-6,
            true,
            9);
    assertThrows(DataException.class, () -> ConfigJson.rewrite(FILE, QWEN, llama, Dtype.F32));
  }

  @Test
  void aMessageHoldsOnlyTheStartOfALongField() {
    DataException e = refused(with("\"" + "x".repeat(9000) + "\\n\": 1"));
    assertTrue(e.getMessage().length() < 400, e.getMessage());
  }

  @Test
  void brokenJsonIsRefusedWithItsLine() {
    assertTrue(refused("{\n\"model_type\": qwen2}").getMessage().startsWith(FILE + ":2:"));
    refused("[]");
    refused("");
    refused("{} {}");
  }
}
