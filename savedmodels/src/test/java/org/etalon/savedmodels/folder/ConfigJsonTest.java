package org.etalon.savedmodels.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.etalon.data.DataException;
import org.etalon.graph.ModelConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
          "model_type": "qwen2"          | "model_type": "llama"                  | got "llama"
          "model_type": "qwen2",         |                                        | model_type: expected "qwen2", got nothing
          "use_cache": true              | "hiden_size": 4                        | did you mean hidden_size?
          "use_cache": true              | "quantization_config": {}              | unknown field quantization_config
          "use_cache": true              | "model_type": "qwen2"                  | Duplicate field
          "hidden_act": "silu"           | "hidden_act": "gelu"                   | hidden_act: expected "silu", got "gelu"
          "use_sliding_window": false    | "use_sliding_window": true             | use_sliding_window: expected false
          "use_mrope": false             | "use_mrope": true                      | use_mrope: expected false
          "use_cache": true              | "rope_scaling": {"type": "yarn"}       | rope_scaling: expected null
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

  @Test
  void brokenJsonIsRefusedWithItsLine() {
    assertTrue(refused("{\n\"model_type\": qwen2}").getMessage().startsWith(FILE + ":2:"));
    refused("[]");
    refused("");
    refused("{} {}");
  }
}
