package org.etalon.savedmodels.folder;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.stream.Collectors;
import org.etalon.graph.Architecture;

/**
 * What transformers 4.56 knows of one {@code model_type}: its fields and the values it takes where
 * they are missing.
 *
 * @param type the {@code model_type}
 * @param modelClass the class that the field of classes names
 * @param architecture the same here
 * @param kvHeads number of key/value heads where the field is missing; 0: as many as query heads
 * @param headDim size of a head where the field is missing; 0: hidden size over query heads
 * @param maxPositions window where the field is missing, tokens
 */
record ConfigFields(
    String type,
    String modelClass,
    Architecture architecture,
    int kvHeads,
    int headDim,
    int maxPositions) {

  /** Fields that are looked at. */
  static final ImmutableSet<String> READ =
      ImmutableSet.of(
          "architectures",
          "model_type",
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          RopeJson.THETA,
          RopeJson.SCALING,
          RopeJson.PARAMETERS,
          "rms_norm_eps",
          "tie_word_embeddings",
          "max_position_embeddings",
          "hidden_act",
          "attention_bias",
          "mlp_bias",
          "partial_rotary_factor",
          "quantization_config",
          "use_mrope",
          "use_sliding_window",
          "sliding_window",
          "max_window_layers",
          "layer_types",
          "is_encoder_decoder",
          "rope_interleaved");

  /** Fields that change nothing in what the model computes here; kept for whoever reads on. */
  static final ImmutableSet<String> HARMLESS =
      ImmutableSet.of(
          "_attn_implementation_autoset",
          "_name_or_path",
          "attention_dropout",
          "bos_token_id",
          "dtype",
          "eos_token_id",
          "initializer_range",
          "is_llama_config",
          "output_attentions",
          "output_hidden_states",
          "pad_token_id",
          "pretraining_tp",
          "return_dict",
          "task_specific_params",
          "torch_dtype",
          "transformers.js_config",
          "transformers_version",
          "unsloth_fixed",
          "use_cache");

  private static final ConfigFields QWEN2 =
      new ConfigFields("qwen2", "Qwen2ForCausalLM", Architecture.QWEN2, 32, 0, 32768);
  private static final ConfigFields QWEN3 =
      new ConfigFields("qwen3", "Qwen3ForCausalLM", Architecture.QWEN3, 32, 128, 32768);
  private static final ConfigFields LLAMA =
      new ConfigFields("llama", "LlamaForCausalLM", Architecture.LLAMA, 0, 0, 2048);

  private static final ImmutableList<ConfigFields> ALL = ImmutableList.of(QWEN2, QWEN3, LLAMA);

  static ConfigFields of(Architecture architecture) {
    return ALL.stream().filter(f -> f.architecture == architecture).findFirst().orElseThrow();
  }

  /** The kind that a configuration names. */
  static ConfigFields of(JsonFields config) {
    String type = config.node().path("model_type").asText();
    return ALL.stream()
        .filter(fields -> fields.type.equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                config.wrong(
                    "model_type",
                    ALL.stream().map(f -> "\"" + f.type + "\"").collect(Collectors.joining(", ")),
                    "this is a model of another kind"));
  }
}
