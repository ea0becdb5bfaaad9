package org.etalon.savedmodels.gguf;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.RopeScaling;

/** Writes a model as a GGUF file that llama.cpp loads, one weight at a time. */
public final class GgufExport {
  private static final int QUANTIZATION_VERSION = 2;

  private final ModelConfig config;
  private final String prefix;
  private final Map<String, GgufValue> metadata = new LinkedHashMap<>();
  private final Map<String, GgufWriter.Plan> plans = new LinkedHashMap<>();
  private final Map<String, ParameterSpec> parameters = new LinkedHashMap<>();

  private GgufExport(ModelConfig config) {
    this.config = config;
    this.prefix = GgufConfig.ARCHITECTURES.inverse().get(config.architecture()) + ".";
  }

  /**
   * Writes {@code target}, whole or not at all; an older file of the name is replaced.
   *
   * @param weight gives the values of each parameter by its Hugging Face name
   * @param type type of the matrices: F32, F16, BF16 or Q8_0; vectors stay F32, and so that
   *     llama.cpp reads every file, matrices whose rows are no multiple of 32 become F16 for Q8_0
   * @param name what the model is called
   * @throws DataException if the type is not written, llama.cpp has no equal of the tokenizer or
   *     the rotary scaling, a value does not fit the type, or the disk refuses
   */
  public static void write(
      Path target,
      ModelConfig config,
      Function<String, float[]> weight,
      TokenizerFile tokenizer,
      GgufType type,
      String name) {
    if (!Quantiser.writes(type)) {
      throw new DataException(
          target + ": expected F32, F16, BF16 or Q8_0, got " + type + "; quantise with llama.cpp");
    }
    GgufExport export = new GgufExport(config);
    export.describe(type, name);
    export.metadata.putAll(
        GgufVocabulary.metadata(
            TokenizerTexts.of(tokenizer),
            config.vocabulary(),
            tokenizer.eosId(),
            tokenizer.padId()));
    export.plan(type);
    GgufWriter.write(
        target, export.metadata, export.plans, tensor -> export.values(tensor, weight));
  }

  private void describe(GgufType type, String name) {
    text(GgufConfig.ARCHITECTURE, prefix.substring(0, prefix.length() - 1));
    text("general.type", "model");
    text("general.name", name);
    whole("general.file_type", type.fileType());
    whole("general.quantization_version", QUANTIZATION_VERSION);
    whole(prefix + "block_count", config.layers());
    whole(prefix + "context_length", config.maxPositions());
    whole(prefix + "embedding_length", config.hidden());
    whole(prefix + "feed_forward_length", config.intermediate());
    whole(prefix + "attention.head_count", config.heads());
    whole(prefix + "attention.head_count_kv", config.kvHeads());
    whole(prefix + "attention.key_length", config.headDim());
    whole(prefix + "attention.value_length", config.headDim());
    real(prefix + "attention.layer_norm_rms_epsilon", config.normEpsilon());
    whole(prefix + "vocab_size", config.vocabulary());
    whole(prefix + "rope.dimension_count", config.headDim());
    real(prefix + "rope.freq_base", config.ropeTheta());
    describeScaling();
  }

  private void describeScaling() {
    String key = prefix + "rope.scaling.";
    if (config.ropeScaling() instanceof RopeScaling.Linear linear) {
      text(key + "type", "linear");
      real(key + "factor", linear.factor());
    } else if (config.ropeScaling() instanceof RopeScaling.Yarn yarn) {
      double attention = RopeScaling.Yarn.recommendedAttention(yarn.factor());
      if (!yarn.truncate() || Math.abs(yarn.attentionFactor() - attention) > 1e-9) {
        throw new DataException(
            "rope_scaling: expected yarn with truncate true and attention_factor %s for GGUF, got %s and %s; export to a Hugging Face folder instead"
                .formatted(attention, yarn.truncate(), yarn.attentionFactor()));
      }
      text(key + "type", "yarn");
      real(key + "factor", yarn.factor());
      whole(key + "original_context_length", yarn.originalPositions());
      if (yarn.betaFast() != GgufConfig.BETA_FAST || yarn.betaSlow() != GgufConfig.BETA_SLOW) {
        real(key + "yarn_beta_fast", yarn.betaFast());
        real(key + "yarn_beta_slow", yarn.betaSlow());
      }
    } else if (config.ropeScaling() instanceof RopeScaling.Llama3
        && config.architecture() != Architecture.LLAMA) {
      throw new DataException(
          "rope_scaling: llama.cpp computes llama3 for the llama architecture only, got "
              + config.architecture()
              + "; use yarn");
    }
  }

  private void plan(GgufType type) {
    if (config.ropeScaling() instanceof RopeScaling.Llama3) {
      List<Long> shape = List.of(config.headDim() / 2L);
      plans.put(GgufNames.ROPE_FACTORS, new GgufWriter.Plan(GgufType.F32, shape));
    }
    for (ParameterSpec parameter : config.parameters()) {
      String tensor = GgufNames.of(parameter.name());
      parameters.put(tensor, parameter);
      plans.put(tensor, new GgufWriter.Plan(stored(type, parameter.dims()), parameter.dims()));
    }
  }

  private static GgufType stored(GgufType type, List<Long> shape) {
    if (shape.size() < 2) {
      return GgufType.F32;
    }
    return shape.get(shape.size() - 1) % type.blockSize() == 0 ? type : GgufType.F16;
  }

  private float[] values(String tensor, Function<String, float[]> weight) {
    if (tensor.equals(GgufNames.ROPE_FACTORS)) {
      return RopeFactors.of(config.ropeScaling(), config.headDim(), config.ropeTheta());
    }
    ParameterSpec parameter = parameters.get(tensor);
    float[] values = weight.apply(parameter.name());
    int heads = GgufNames.interleavedHeads(config, parameter);
    return heads == 0 ? values : GgufNames.interleaved(values, heads, config.headDim());
  }

  private void text(String key, String value) {
    metadata.put(key, new GgufValue.Text(value));
  }

  private void whole(String key, int value) {
    metadata.put(key, new GgufValue.Whole(value));
  }

  private void real(String key, double value) {
    metadata.put(key, new GgufValue.Real(value));
  }
}
