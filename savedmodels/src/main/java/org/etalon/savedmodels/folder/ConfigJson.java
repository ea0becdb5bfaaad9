package org.etalon.savedmodels.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;
import org.etalon.data.DataException;
import org.etalon.graph.ModelConfig;
import org.etalon.savedmodels.safetensors.Dtype;

/**
 * A model's {@code config.json} in Hugging Face's form, of the kinds qwen2, qwen3 and llama.
 * Reading is strict: a field that asks for something this model does not compute is refused, and so
 * is one that is not known. Missing fields have the values that transformers 4.56 gives them.
 */
public final class ConfigJson {
  /** Name of the file. */
  public static final String FILE = "config.json";

  private static final double DEFAULT_EPSILON = 1e-6;

  private final JsonFields fields;
  private final ConfigFields kind;

  private ConfigJson(JsonFields fields) {
    this.fields = fields;
    this.kind = ConfigFields.of(fields);
  }

  /**
   * The text of a new configuration.
   *
   * @param eosId token that ends a response
   * @param padId token that fills rows
   */
  public static String write(ModelConfig c, int eosId, int padId) {
    return write(c, OptionalInt.empty(), eosId, padId, Dtype.F32);
  }

  /** The same with a token that opens a text, for weights that are stored in {@code dtype}. */
  public static String write(ModelConfig c, OptionalInt bosId, int eosId, int padId, Dtype dtype) {
    ConfigFields kind = ConfigFields.of(c.architecture());
    ObjectNode node = JsonFields.newObject();
    node.putArray("architectures").add(kind.modelClass());
    node.put("model_type", kind.type());
    node.put("vocab_size", c.vocabulary());
    node.put("hidden_size", c.hidden());
    node.put("intermediate_size", c.intermediate());
    node.put("num_hidden_layers", c.layers());
    node.put("num_attention_heads", c.heads());
    node.put("num_key_value_heads", c.kvHeads());
    node.put("head_dim", c.headDim());
    node.put("hidden_act", "silu");
    new RopeJson(c.ropeTheta(), c.ropeScaling()).write(node);
    node.put("rms_norm_eps", c.normEpsilon());
    node.put("tie_word_embeddings", c.tied());
    node.put("max_position_embeddings", c.maxPositions());
    if (kind.type().equals("llama")) {
      node.put("attention_bias", false);
      node.put("mlp_bias", false);
    } else {
      node.put("use_sliding_window", false);
    }
    node.put("attention_dropout", 0.0);
    if (bosId.isPresent()) {
      node.put("bos_token_id", bosId.getAsInt());
    } else if (kind.type().equals("llama")) {
      // Left out, it would be 1.
      node.putNull("bos_token_id");
    }
    node.put("eos_token_id", eosId);
    node.put("pad_token_id", padId);
    node.put("torch_dtype", torchName(dtype));
    node.put("use_cache", true);
    return JsonFields.text(node);
  }

  /**
   * A configuration that was read, for the model as it is now: fields that say otherwise are
   * replaced, all others are kept. Where nothing changed it is the same text.
   *
   * @param file named in errors
   * @param original the text that was read
   * @throws DataException if the model is now of another kind
   */
  public static String rewrite(String file, String original, ModelConfig now, Dtype dtype) {
    ModelConfig before = read(file, original);
    if (before.architecture() != now.architecture()) {
      throw new DataException(
          "%s: expected a %s model, got %s; write it with a new configuration"
              .formatted(file, before.architecture(), now.architecture()));
    }
    ObjectNode node = JsonFields.parse(file, original).node();
    ObjectNode unchanged = node.deepCopy();
    replace(node, "vocab_size", before.vocabulary(), now.vocabulary());
    replace(node, "hidden_size", before.hidden(), now.hidden());
    replace(node, "intermediate_size", before.intermediate(), now.intermediate());
    replace(node, "num_hidden_layers", before.layers(), now.layers());
    replace(node, "num_attention_heads", before.heads(), now.heads());
    replace(node, "num_key_value_heads", before.kvHeads(), now.kvHeads());
    replace(node, "head_dim", before.headDim(), now.headDim());
    replace(node, "max_position_embeddings", before.maxPositions(), now.maxPositions());
    if (before.normEpsilon() != now.normEpsilon()) {
      node.put("rms_norm_eps", now.normEpsilon());
    }
    if (before.tied() != now.tied()) {
      node.put("tie_word_embeddings", now.tied());
    }
    var rope = new RopeJson(now.ropeTheta(), now.ropeScaling());
    if (!rope.equals(new RopeJson(before.ropeTheta(), before.ropeScaling()))) {
      rope.write(node);
    } else if (!read(file, JsonFields.text(node)).ropeScaling().equals(now.ropeScaling())) {
      // YaRN took the window for the pretraining's, and the window is another one now.
      rope.write(node);
    }
    for (String key : List.of("torch_dtype", "dtype")) {
      if (node.has(key) && !node.path(key).asText().equals(torchName(dtype))) {
        node.put(key, torchName(dtype));
      }
    }
    return node.equals(unchanged) ? original : JsonFields.text(node);
  }

  private static void replace(ObjectNode node, String key, int before, int now) {
    if (before != now) {
      node.put(key, now);
    }
  }

  private static String torchName(Dtype dtype) {
    return switch (dtype) {
      case F32 -> "float32";
      case F16 -> "float16";
      case BF16 -> "bfloat16";
    };
  }

  /** The text of a {@code generation_config.json}: where generation stops and what fills rows. */
  static String writeGeneration(int eosId, int padId) {
    ObjectNode node = JsonFields.newObject();
    node.put("eos_token_id", eosId);
    node.put("pad_token_id", padId);
    node.put("do_sample", true);
    return JsonFields.text(node);
  }

  /**
   * Reads a configuration.
   *
   * @param file named in errors
   * @throws DataException naming the file and the field
   */
  public static ModelConfig read(String file, String text) {
    return new ConfigJson(JsonFields.parse(file, text)).config();
  }

  private ModelConfig config() {
    fields.refuseUnknown(ConfigFields.READ, ConfigFields.HARMLESS);
    checkComputed();
    int heads = fields.integer("num_attention_heads");
    int hidden = fields.integer("hidden_size");
    int positions = fields.integer("max_position_embeddings", kind.maxPositions());
    try {
      RopeJson rope = RopeJson.read(fields, positions);
      ModelConfig config =
          new ModelConfig(
              kind.architecture(),
              fields.integer("vocab_size"),
              hidden,
              fields.integer("intermediate_size"),
              fields.integer("num_hidden_layers"),
              heads,
              kvHeads(heads),
              headDim(hidden, heads),
              rope.theta(),
              rope.scaling(),
              fields.number("rms_norm_eps", DEFAULT_EPSILON),
              fields.bool("tie_word_embeddings", false),
              positions);
      if ((long) heads * config.headDim() > Integer.MAX_VALUE) {
        throw fields.wrong("num_attention_heads", "heads of a usable width", "correct the field");
      }
      return config;
    } catch (IllegalArgumentException e) {
      throw new DataException(fields.file() + ": " + e.getMessage(), e);
    }
  }

  /** A null means as many as query heads in every kind; missing means that in Llama only. */
  private int kvHeads(int heads) {
    boolean missing = !fields.node().has("num_key_value_heads");
    return fields.integer(
        "num_key_value_heads", missing && kind.kvHeads() > 0 ? kind.kvHeads() : heads);
  }

  private int headDim(int hidden, int heads) {
    if (!fields.absent("head_dim")) {
      return fields.integer("head_dim");
    }
    return kind.headDim() > 0 ? kind.headDim() : hidden / heads;
  }

  /** Fields that would change what the model computes must ask for what is computed here. */
  private void checkComputed() {
    JsonNode classes = fields.node().path("architectures");
    if (!fields.absent("architectures")
        && (classes.size() != 1 || !classes.path(0).asText().equals(kind.modelClass()))) {
      throw fields.wrong(
          "architectures", "[\"" + kind.modelClass() + "\"]", "no other head is computed");
    }
    if (!fields.absent("hidden_act") && !fields.text("hidden_act").equals("silu")) {
      throw fields.wrong("hidden_act", "\"silu\"", "no other activation is computed");
    }
    for (String off :
        List.of(
            "attention_bias", "mlp_bias", "use_mrope", "rope_interleaved", "is_encoder_decoder")) {
      if (fields.bool(off, false)) {
        throw fields.wrong(off, "false", "no other form is computed");
      }
    }
    if (!fields.absent("partial_rotary_factor") && fields.number("partial_rotary_factor") != 1) {
      throw fields.wrong("partial_rotary_factor", "1", "only whole heads are rotated");
    }
    if (!fields.absent("quantization_config")) {
      throw fields.wrong(
          "quantization_config", "nothing", "convert the weights to float32, float16 or bfloat16");
    }
    checkFullAttention();
  }

  private void checkFullAttention() {
    String remedy = "only full attention is computed";
    if (!fields.absent("layer_types")) {
      JsonNode layers = fields.node().get("layer_types");
      if (!layers.isArray()) {
        throw fields.wrong("layer_types", "a list", "correct the field");
      }
      for (JsonNode layer : layers) {
        if (!layer.asText().equals("full_attention")) {
          throw fields.wrong("layer_types", "full_attention only", remedy);
        }
      }
    } else if (fields.bool("use_sliding_window", false) && slidingLayers()) {
      throw fields.wrong("use_sliding_window", "false", remedy);
    }
  }

  /** Layers from max_window_layers on slide, unless there is no window to slide. */
  private boolean slidingLayers() {
    boolean noWindow =
        fields.node().has("sliding_window") && fields.node().get("sliding_window").isNull();
    int full = fields.node().path("max_window_layers").asInt(28);
    return !noWindow && full < fields.integer("num_hidden_layers");
  }
}
