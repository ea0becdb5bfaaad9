package org.etalon.savedmodels.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;

/**
 * A model's {@code config.json} with the fields of Hugging Face's Qwen2. Reading is strict: a field
 * that asks for something this model does not compute is refused, and so is one that is not known.
 */
public final class ConfigJson {
  /** Name of the file. */
  public static final String FILE = "config.json";

  private static final String MODEL_TYPE = "qwen2";
  private static final ImmutableSet<String> READ =
      ImmutableSet.of(
          "model_type",
          "vocab_size",
          "hidden_size",
          "intermediate_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "rope_theta",
          "rope_parameters",
          "rms_norm_eps",
          "tie_word_embeddings",
          "max_position_embeddings",
          "hidden_act",
          "use_sliding_window",
          "use_mrope",
          "rope_scaling",
          "layer_types");

  /** Fields that change nothing in what the model computes here. */
  private static final ImmutableSet<String> IGNORED =
      ImmutableSet.of(
          "_name_or_path",
          "architectures",
          "attention_dropout",
          "bos_token_id",
          "dtype",
          "eos_token_id",
          "initializer_range",
          "max_window_layers",
          "output_attentions",
          "output_hidden_states",
          "pad_token_id",
          "sliding_window",
          "torch_dtype",
          "transformers_version",
          "use_cache");

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private final String file;
  private final JsonNode root;

  private ConfigJson(String file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * The text of a configuration.
   *
   * @param eosId token that ends a response
   * @param padId token that fills rows
   * @throws DataException if the model is not of the Qwen2 architecture
   */
  public static String write(ModelConfig c, int eosId, int padId) {
    if (c.architecture() != Architecture.QWEN2) {
      throw new DataException(
          "a Qwen2 model has biases on q, k and v, this one has none; set model.qkvBias to true");
    }
    ObjectNode node = MAPPER.createObjectNode();
    node.putArray("architectures").add("Qwen2ForCausalLM");
    node.put("model_type", MODEL_TYPE);
    node.put("vocab_size", c.vocabulary());
    node.put("hidden_size", c.hidden());
    node.put("intermediate_size", c.intermediate());
    node.put("num_hidden_layers", c.layers());
    node.put("num_attention_heads", c.heads());
    node.put("num_key_value_heads", c.kvHeads());
    node.put("head_dim", c.headDim());
    node.put("hidden_act", "silu");
    node.put("rope_theta", c.ropeTheta());
    node.put("rms_norm_eps", c.normEpsilon());
    node.put("tie_word_embeddings", c.tied());
    node.put("max_position_embeddings", c.maxPositions());
    node.put("use_sliding_window", false);
    node.put("attention_dropout", 0.0);
    node.put("eos_token_id", eosId);
    node.put("pad_token_id", padId);
    node.put("torch_dtype", "float32");
    node.put("use_cache", true);
    return text(node);
  }

  /** The text of a {@code generation_config.json}: where generation stops and what fills rows. */
  static String writeGeneration(int eosId, int padId) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("eos_token_id", eosId);
    node.put("pad_token_id", padId);
    node.put("do_sample", true);
    return text(node);
  }

  private static String text(ObjectNode node) {
    try {
      return MAPPER.writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree must be writable", e);
    }
  }

  /**
   * Reads a configuration.
   *
   * @param file named in errors
   * @throws DataException naming the file and the field
   */
  public static ModelConfig read(String file, String text) {
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new DataException(file + ":" + line + ": not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw new DataException(file + ": expected a JSON object");
    }
    return new ConfigJson(file, root).config();
  }

  private ModelConfig config() {
    String type = root.path("model_type").asText();
    if (!type.equals(MODEL_TYPE)) {
      throw wrong("model_type", "\"" + MODEL_TYPE + "\"", "this is a model of another kind");
    }
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      checkKnown(field.getKey());
    }
    checkComputed();
    int heads = integer("num_attention_heads");
    int hidden = integer("hidden_size");
    try {
      return ModelConfig.qwen2(
          integer("vocab_size"),
          hidden,
          integer("intermediate_size"),
          integer("num_hidden_layers"),
          heads,
          integer("num_key_value_heads"),
          absent("head_dim") ? hidden / Math.max(1, heads) : integer("head_dim"),
          ropeTheta(),
          number(root, "rms_norm_eps"),
          !absent("tie_word_embeddings") && bool("tie_word_embeddings"),
          integer("max_position_embeddings"));
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": " + e.getMessage(), e);
    }
  }

  private void checkKnown(String key) {
    if (!READ.contains(key) && !IGNORED.contains(key)) {
      String meant =
          NearestName.of(key, Sets.union(READ, IGNORED))
              .map(name -> "; did you mean " + name + "?")
              .orElse("; remove it if the model computes the same without it");
      throw new DataException(file + ": unknown field " + key + meant);
    }
  }

  /** Fields that would change what the model computes must ask for what is computed here. */
  private void checkComputed() {
    if (!absent("hidden_act") && !root.get("hidden_act").asText().equals("silu")) {
      throw wrong("hidden_act", "\"silu\"", "no other activation is computed");
    }
    for (String off : ImmutableSet.of("use_sliding_window", "use_mrope")) {
      if (!absent(off) && bool(off)) {
        throw wrong(off, "false", "only full attention with plain rotary positions is computed");
      }
    }
    if (!absent("rope_scaling")) {
      throw wrong("rope_scaling", "null", "scaled rotary positions are not computed");
    }
    for (JsonNode layer : root.path("layer_types")) {
      if (!layer.asText().equals("full_attention")) {
        throw wrong("layer_types", "full_attention only", "no other attention is computed");
      }
    }
  }

  private double ropeTheta() {
    if (absent("rope_parameters")) {
      return number(root, "rope_theta");
    }
    JsonNode rope = root.get("rope_parameters");
    if (!rope.path("rope_type").asText("default").equals("default")) {
      throw wrong("rope_parameters", "rope_type default", "scaled positions are not computed");
    }
    return number(rope, "rope_theta");
  }

  private boolean absent(String key) {
    return root.path(key).isMissingNode() || root.path(key).isNull();
  }

  private int integer(String key) {
    JsonNode value = root.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
      throw wrong(key, "a positive integer", "correct the field");
    }
    return value.asInt();
  }

  private double number(JsonNode parent, String key) {
    JsonNode value = parent.path(key);
    if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
      throw wrong(key, "a positive number", "correct the field");
    }
    return value.asDouble();
  }

  private boolean bool(String key) {
    if (!root.path(key).isBoolean()) {
      throw wrong(key, "true or false", "correct the field");
    }
    return root.get(key).asBoolean();
  }

  private DataException wrong(String key, String expected, String remedy) {
    JsonNode value = root.path(key);
    String got = value.isMissingNode() ? "nothing" : value.toString();
    return new DataException(
        file + ": " + key + ": expected " + expected + ", got " + got + "; " + remedy);
  }
}
