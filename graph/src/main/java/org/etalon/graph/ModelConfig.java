package org.etalon.graph;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.ParameterSpec.Kind;

/**
 * The size and options of a decoder-only transformer.
 *
 * @param architecture what happens to queries, keys and values
 * @param vocabulary rows of the embedding, tokens
 * @param hidden width of the residual stream (D)
 * @param intermediate width of the SwiGLU feed-forward (F)
 * @param layers number of blocks (L)
 * @param heads query heads (N)
 * @param kvHeads key/value heads (K); divides {@code heads}
 * @param headDim size of one head (H); even, because rotary positions turn pairs
 * @param ropeTheta base of the rotary frequencies; larger for longer contexts
 * @param ropeScaling how those frequencies change for longer contexts
 * @param normEpsilon added to the mean square in RMSNorm
 * @param tied whether the head shares the embedding's weights
 * @param maxPositions longest sequence the model is meant for, tokens
 */
public record ModelConfig(
    Architecture architecture,
    int vocabulary,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    double ropeTheta,
    RopeScaling ropeScaling,
    double normEpsilon,
    boolean tied,
    int maxPositions) {

  public ModelConfig {
    positive("vocabulary", vocabulary);
    positive("hidden", hidden);
    positive("intermediate", intermediate);
    positive("layers", layers);
    positive("heads", heads);
    positive("kvHeads", kvHeads);
    positive("headDim", headDim);
    positive("maxPositions", maxPositions);
    check(
        heads % kvHeads == 0,
        "model.heads must be a multiple of model.kvHeads, got " + heads + " and " + kvHeads);
    check(headDim % 2 == 0, "model.headDim must be even for rotary positions, got " + headDim);
    check(ropeTheta > 0, "model.ropeTheta must be positive, got " + ropeTheta);
    check(normEpsilon > 0, "model.normEpsilon must be positive, got " + normEpsilon);
  }

  /** A model of the Qwen2 architecture with plain rotary positions. */
  public static ModelConfig qwen2(
      int vocabulary,
      int hidden,
      int intermediate,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      double ropeTheta,
      double normEpsilon,
      boolean tied,
      int maxPositions) {
    return new ModelConfig(
        Architecture.QWEN2,
        vocabulary,
        hidden,
        intermediate,
        layers,
        heads,
        kvHeads,
        headDim,
        ropeTheta,
        new RopeScaling.None(),
        normEpsilon,
        tied,
        maxPositions);
  }

  /** The same model with another window and other rotary positions. */
  public ModelConfig withPositions(
      double newRopeTheta, RopeScaling newRopeScaling, int newMaxPositions) {
    return new ModelConfig(
        architecture,
        vocabulary,
        hidden,
        intermediate,
        layers,
        heads,
        kvHeads,
        headDim,
        newRopeTheta,
        newRopeScaling,
        normEpsilon,
        tied,
        newMaxPositions);
  }

  /** Query heads that share one key/value head (G). */
  public int groups() {
    return heads / kvHeads;
  }

  /**
   * Every parameter in Hugging Face's order and with Hugging Face's names; matrices are [out, in].
   */
  public List<ParameterSpec> parameters() {
    boolean bias = architecture.qkvBias();
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(ParameterSpec.of("model.embed_tokens.weight", Kind.EMBEDDING, vocabulary, hidden));
    for (int l = 0; l < layers; l++) {
      String p = "model.layers." + l + ".";
      specs.add(ParameterSpec.of(p + "input_layernorm.weight", Kind.NORM, hidden));
      linear(specs, p + "self_attn.q_proj", heads * headDim, hidden, bias, Kind.MATRIX);
      linear(specs, p + "self_attn.k_proj", kvHeads * headDim, hidden, bias, Kind.MATRIX);
      linear(specs, p + "self_attn.v_proj", kvHeads * headDim, hidden, bias, Kind.MATRIX);
      linear(specs, p + "self_attn.o_proj", hidden, heads * headDim, false, Kind.RESIDUAL_MATRIX);
      if (architecture.qkNorm()) {
        specs.add(ParameterSpec.of(p + "self_attn.q_norm.weight", Kind.NORM, headDim));
        specs.add(ParameterSpec.of(p + "self_attn.k_norm.weight", Kind.NORM, headDim));
      }
      specs.add(ParameterSpec.of(p + "post_attention_layernorm.weight", Kind.NORM, hidden));
      linear(specs, p + "mlp.gate_proj", intermediate, hidden, false, Kind.MATRIX);
      linear(specs, p + "mlp.up_proj", intermediate, hidden, false, Kind.MATRIX);
      linear(specs, p + "mlp.down_proj", hidden, intermediate, false, Kind.RESIDUAL_MATRIX);
    }
    specs.add(ParameterSpec.of("model.norm.weight", Kind.NORM, hidden));
    if (!tied) {
      specs.add(ParameterSpec.of("lm_head.weight", Kind.MATRIX, vocabulary, hidden));
    }
    return List.copyOf(specs);
  }

  /** Number of trainable parameters; a tied head is counted once. */
  public long parameterCount() {
    return parameters().stream().mapToLong(ParameterSpec::size).sum();
  }

  private static void linear(
      List<ParameterSpec> specs, String name, int out, int in, boolean bias, Kind kind) {
    specs.add(ParameterSpec.of(name + ".weight", kind, out, in));
    if (bias) {
      specs.add(ParameterSpec.of(name + ".bias", Kind.BIAS, out));
    }
  }

  private static void positive(String name, int value) {
    check(value > 0, "model." + name + " must be at least 1, got " + value);
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
