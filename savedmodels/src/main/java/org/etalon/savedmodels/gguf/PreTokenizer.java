package org.etalon.savedmodels.gguf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;

/**
 * How a text is cut into words before byte pairs are merged: llama.cpp's name of it, and the same
 * as Hugging Face's library wants it. Source of the expressions: the published tokenizers of GPT-2,
 * Llama 3, Qwen2 and SmolLM, and {@code llama-vocab.cpp} of llama.cpp.
 *
 * @param name value of {@code tokenizer.ggml.pre}
 * @param normalizer JSON of the normaliser, or null
 * @param steps JSON of the pre-tokenizer
 * @param ignoreMerges whether a word that is a token is taken whole
 * @param addsBos whether a text begins with the opening token where a file does not say
 */
record PreTokenizer(
    String name, JsonNode normalizer, JsonNode steps, boolean ignoreMerges, boolean addsBos) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GPT2 =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
  private static final String NEWER =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String BYTES =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":%s,\"use_regex\":%s}";

  private static final PreTokenizer LLAMA3 =
      new PreTokenizer(
          "llama-bpe",
          null,
          sequence(split(NEWER.formatted("{1,3}")), BYTES.formatted("true", "false")),
          true,
          true);
  private static final PreTokenizer QWEN2 =
      new PreTokenizer(
          "qwen2",
          json("{\"type\":\"NFC\"}"),
          sequence(split(NEWER.formatted("")), BYTES.formatted("false", "false")),
          false,
          false);
  private static final PreTokenizer SMOLLM =
      new PreTokenizer(
          "smollm",
          null,
          sequence(
              "{\"type\":\"Digits\",\"individual_digits\":true}", BYTES.formatted("true", "true")),
          false,
          false);
  private static final PreTokenizer GPT_2 =
      new PreTokenizer("gpt-2", null, json(BYTES.formatted("true", "true")), false, false);

  /** llama.cpp's own, for files that name none; no published tokenizer has it. */
  private static final PreTokenizer DEFAULT =
      new PreTokenizer(
          "default",
          null,
          sequence(
              split("[\\p{P}\\$\\+<=>\\^~\\|]+"),
              split(GPT2),
              split("\\p{N}+"),
              split("[0-9][0-9][0-9]"),
              BYTES.formatted("true", "false")),
          false,
          false);

  private static final ImmutableMap<String, PreTokenizer> BY_NAME =
      ImmutableMap.<String, PreTokenizer>builder()
          .put("smollm", SMOLLM)
          .put("qwen2", QWEN2)
          .put("deepseek-r1-qwen", QWEN2)
          .put("llama-bpe", LLAMA3)
          .put("llama-v3", LLAMA3)
          .put("llama3", LLAMA3)
          .put("gpt-2", GPT_2)
          .put("default", DEFAULT)
          .buildOrThrow();

  /** The one with llama.cpp's name. */
  static Optional<PreTokenizer> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** llama.cpp's names of those that are known. */
  static ImmutableSet<String> names() {
    return BY_NAME.keySet();
  }

  /**
   * The one that cuts as a {@code tokenizer.json} says. Where offsets begin does not matter for it.
   */
  static Optional<PreTokenizer> matching(
      JsonNode normalizer, JsonNode steps, boolean ignoreMerges) {
    return BY_NAME.values().stream()
        .filter(known -> known.ignoreMerges == ignoreMerges)
        .filter(known -> plain(known.normalizer).equals(plain(normalizer)))
        .filter(known -> plain(known.steps).equals(plain(steps)))
        .findFirst();
  }

  /** Without what changes no token. */
  private static JsonNode plain(JsonNode node) {
    if (node == null || node.isMissingNode() || node.isNull()) {
      return JSON.nullNode();
    }
    JsonNode copy = node.deepCopy();
    for (JsonNode step : copy.findParents("trim_offsets")) {
      ((ObjectNode) step).remove("trim_offsets");
    }
    return copy;
  }

  private static String split(String regex) {
    return JSON.createObjectNode()
        .put("type", "Split")
        .<ObjectNode>set("pattern", JSON.createObjectNode().put("Regex", regex))
        .put("behavior", "Isolated")
        .put("invert", false)
        .toString();
  }

  private static JsonNode sequence(String... steps) {
    return json("{\"type\":\"Sequence\",\"pretokenizers\":[" + String.join(",", steps) + "]}");
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a constant must be JSON", e);
    }
  }
}
