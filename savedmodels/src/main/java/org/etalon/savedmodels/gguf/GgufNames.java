package org.etalon.savedmodels.gguf;

import com.google.common.collect.ImmutableBiMap;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;

/** Hugging Face's names of weights and llama.cpp's, and the order of rows that goes with them. */
final class GgufNames {
  /** Factors of the rotary frequencies: Llama 3's scaling as a tensor. */
  static final String ROPE_FACTORS = "rope_freqs.weight";

  private static final ImmutableBiMap<String, String> WHOLE =
      ImmutableBiMap.of(
          "model.embed_tokens", "token_embd", "model.norm", "output_norm", "lm_head", "output");

  private static final ImmutableBiMap<String, String> OF_LAYER =
      ImmutableBiMap.<String, String>builder()
          .put("input_layernorm", "attn_norm")
          .put("self_attn.q_proj", "attn_q")
          .put("self_attn.k_proj", "attn_k")
          .put("self_attn.v_proj", "attn_v")
          .put("self_attn.o_proj", "attn_output")
          .put("self_attn.q_norm", "attn_q_norm")
          .put("self_attn.k_norm", "attn_k_norm")
          .put("post_attention_layernorm", "ffn_norm")
          .put("mlp.gate_proj", "ffn_gate")
          .put("mlp.up_proj", "ffn_up")
          .put("mlp.down_proj", "ffn_down")
          .buildOrThrow();

  private static final String LAYERS = "model.layers.";

  private GgufNames() {}

  /** llama.cpp's name of a parameter of {@link ModelConfig#parameters}. */
  static String of(String parameter) {
    int dot = parameter.lastIndexOf('.');
    String stem = parameter.substring(0, dot);
    String kind = parameter.substring(dot);
    if (WHOLE.containsKey(stem)) {
      return WHOLE.get(stem) + kind;
    }
    int layerEnd = stem.indexOf('.', LAYERS.length());
    String part = OF_LAYER.get(stem.substring(layerEnd + 1));
    if (!stem.startsWith(LAYERS) || part == null) {
      throw new IllegalArgumentException("no GGUF name for " + parameter);
    }
    return "blk." + stem.substring(LAYERS.length(), layerEnd) + "." + part + kind;
  }

  /**
   * Heads of a parameter whose rows llama.cpp keeps in another order, or 0. Its {@code llama}
   * architecture turns neighbouring channels, Hugging Face's the two halves of a head, so its
   * converter interleaves the halves' rows of q and k; Qwen's are left alone.
   */
  static int interleavedHeads(ModelConfig config, ParameterSpec parameter) {
    if (config.architecture() != Architecture.LLAMA) {
      return 0;
    }
    String name = parameter.name();
    if (name.endsWith(".self_attn.q_proj.weight")) {
      return config.heads();
    }
    return name.endsWith(".self_attn.k_proj.weight") ? config.kvHeads() : 0;
  }

  /**
   * Rows of each head as first half, second half, from rows interleaved.
   *
   * @param headDim rows of one head (H)
   */
  static float[] halves(float[] interleaved, int heads, int headDim) {
    float[] halves = new float[interleaved.length];
    int width = interleaved.length / (heads * headDim);
    for (int row = 0; row < heads * headDim; row++) {
      System.arraycopy(interleaved, place(row, headDim) * width, halves, row * width, width);
    }
    return halves;
  }

  /** The way back. */
  static float[] interleaved(float[] halves, int heads, int headDim) {
    float[] interleaved = new float[halves.length];
    int width = halves.length / (heads * headDim);
    for (int row = 0; row < heads * headDim; row++) {
      System.arraycopy(halves, row * width, interleaved, place(row, headDim) * width, width);
    }
    return interleaved;
  }

  /** Where a row of the halves' order lies in the interleaved one. */
  private static int place(int row, int headDim) {
    int inHead = row % headDim;
    int half = headDim / 2;
    return row - inHead + inHead % half * 2 + inHead / half;
  }
}
