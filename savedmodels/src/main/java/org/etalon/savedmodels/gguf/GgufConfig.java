package org.etalon.savedmodels.gguf;

import com.google.common.collect.ImmutableBiMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.RopeScaling;

/**
 * Reads a model's configuration from a GGUF file. A key of the architecture that is not known could
 * change what the model computes, so it is refused; keys of other name spaces say nothing about
 * that.
 */
final class GgufConfig {
  static final String ARCHITECTURE = "general.architecture";
  static final ImmutableBiMap<String, Architecture> ARCHITECTURES =
      ImmutableBiMap.of(
          "llama", Architecture.LLAMA, "qwen2", Architecture.QWEN2, "qwen3", Architecture.QWEN3);

  private static final ImmutableSet<String> READ =
      ImmutableSet.of(
          "context_length",
          "embedding_length",
          "block_count",
          "feed_forward_length",
          "attention.head_count",
          "attention.head_count_kv",
          "attention.key_length",
          "attention.value_length",
          "attention.layer_norm_rms_epsilon",
          "rope.freq_base",
          "rope.dimension_count",
          "rope.scaling.type",
          "rope.scaling.factor",
          "rope.scaling.original_context_length",
          "rope.scaling.attn_factor",
          "rope.scaling.yarn_beta_fast",
          "rope.scaling.yarn_beta_slow",
          "vocab_size");

  /** Keys that change nothing in what is computed. */
  private static final ImmutableSet<String> IGNORED =
      ImmutableSet.of("rope.scaling.finetuned", "tensor_data_layout");

  /** llama.cpp's, where a file does not say. */
  private static final double DEFAULT_THETA = 10_000;

  static final double BETA_FAST = 32;
  static final double BETA_SLOW = 1;

  private final GgufFile file;
  private final GgufMetadata metadata;
  private final String prefix;

  private GgufConfig(GgufFile file, String architecture) {
    this.file = file;
    this.metadata = file.metadata();
    this.prefix = architecture + ".";
  }

  /**
   * The configuration.
   *
   * @throws DataException naming the key if the architecture or one of its options is not computed
   *     here
   */
  static ModelConfig read(GgufFile file) {
    GgufMetadata metadata = file.metadata();
    refusePart(metadata);
    String name = metadata.text(ARCHITECTURE).orElseThrow(() -> metadata.missing(ARCHITECTURE));
    Architecture architecture = ARCHITECTURES.get(name);
    if (architecture == null) {
      throw metadata.wrong(
          ARCHITECTURE, "one of " + ARCHITECTURES.keySet(), name + "; no other one is computed");
    }
    GgufConfig config = new GgufConfig(file, name);
    config.refuseUnknown();
    try {
      return config.read(architecture);
    } catch (IllegalArgumentException e) {
      throw new DataException(metadata.file() + ": " + e.getMessage(), e);
    }
  }

  /** A file of several, an adapter or a vision tower is not a model. */
  private static void refusePart(GgufMetadata metadata) {
    int parts = metadata.integer("split.count", 0).orElse(1);
    if (parts > 1) {
      throw metadata.wrong("split.count", "1", parts + "; merge the parts with llama-gguf-split");
    }
    String type = metadata.text("general.type").orElse("model");
    if (!type.equals("model")) {
      throw metadata.wrong("general.type", "model", type + "; name a file with a whole model");
    }
  }

  private void refuseUnknown() {
    ImmutableSet<String> known = Sets.union(READ, IGNORED).immutableCopy();
    for (String key : metadata.keys()) {
      if (key.startsWith(prefix) && !known.contains(key.substring(prefix.length()))) {
        String meant =
            NearestName.of(key.substring(prefix.length()), known)
                .map(name -> "did you mean " + prefix + name + "?")
                .orElse("it may change what the model computes, use a model without it");
        throw new DataException(metadata.file() + ": unknown metadata key " + key + "; " + meant);
      }
    }
  }

  private ModelConfig read(Architecture architecture) {
    int hidden = integer("embedding_length");
    int heads = integer("attention.head_count");
    int kvHeads = metadata.integer(prefix + "attention.head_count_kv", 1).orElse(heads);
    int headDim =
        metadata.integer(prefix + "attention.key_length", 1).orElse(Math.max(1, hidden / heads));
    same("attention.value_length", headDim);
    same("rope.dimension_count", headDim);
    double theta = metadata.number(prefix + "rope.freq_base").orElse(DEFAULT_THETA);
    return new ModelConfig(
        architecture,
        vocabulary(),
        hidden,
        integer("feed_forward_length"),
        integer("block_count"),
        heads,
        kvHeads,
        headDim,
        theta,
        scaling(headDim, theta),
        metadata.neededNumber(prefix + "attention.layer_norm_rms_epsilon"),
        !file.names().contains("output.weight"),
        integer("context_length"));
  }

  private int integer(String key) {
    return metadata.neededInteger(prefix + key);
  }

  private void same(String key, int headDim) {
    int size = metadata.integer(prefix + key, 0).orElse(headDim);
    if (size != headDim) {
      throw metadata.wrong(
          prefix + key, "the size of a head, " + headDim, size + "; no other size is computed");
    }
  }

  /** The embedding's rows, which is what llama.cpp goes by too. */
  private int vocabulary() {
    long rows = file.tensor(GgufNames.of("model.embed_tokens.weight")).shape().get(0);
    int stated =
        metadata.integer(prefix + "vocab_size", 1).orElse((int) Math.min(rows, Integer.MAX_VALUE));
    if (rows != stated) {
      throw metadata.wrong(
          prefix + "vocab_size", "the embedding's rows, " + rows, stated + "; convert it again");
    }
    return stated;
  }

  private RopeScaling scaling(int headDim, double theta) {
    String type = metadata.text(prefix + "rope.scaling.type").orElse("none");
    Optional<Double> attention = metadata.number(prefix + "rope.scaling.attn_factor");
    if (attention.isPresent() && attention.get() != 1) {
      throw metadata.wrong(prefix + "rope.scaling.attn_factor", "1", attention.get());
    }
    boolean factors = file.names().contains(GgufNames.ROPE_FACTORS);
    if (factors && !type.equals("none")) {
      throw metadata.wrong(
          prefix + "rope.scaling.type",
          "none beside " + GgufNames.ROPE_FACTORS,
          type + "; only one scaling is computed");
    }
    return switch (type) {
      case "none" ->
          factors
              ? RopeFactors.scaling(
                  metadata.file(), file.floats(GgufNames.ROPE_FACTORS), headDim, theta)
              : new RopeScaling.None();
      case "linear" -> new RopeScaling.Linear(factor());
      case "yarn" ->
          new RopeScaling.Yarn(
              factor(),
              integer("rope.scaling.original_context_length"),
              metadata.number(prefix + "rope.scaling.yarn_beta_fast").orElse(BETA_FAST),
              metadata.number(prefix + "rope.scaling.yarn_beta_slow").orElse(BETA_SLOW),
              RopeScaling.Yarn.recommendedAttention(factor()),
              true);
      default ->
          throw metadata.wrong(
              prefix + "rope.scaling.type", "none, linear or yarn", type + "; it is not computed");
    };
  }

  private double factor() {
    return metadata.neededNumber(prefix + "rope.scaling.factor");
  }
}
