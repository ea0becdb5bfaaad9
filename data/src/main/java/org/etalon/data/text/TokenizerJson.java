package org.etalon.data.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.etalon.data.DataException;

/**
 * What we read ourselves in {@code tokenizer.json} and {@code tokenizer_config.json}: the parts the
 * tokenizer library does not hand out, checked before the native code sees the file.
 *
 * @param specials text of each special token to its id, in file order
 * @param vocabSize one more than the largest id
 * @param unknownId the id that ordinary text may turn into although it is special, or −1
 * @param eosId the id that ends a sequence
 * @param padId the id that fills a row
 */
record TokenizerJson(
    Map<String, Integer> specials, int vocabSize, int unknownId, int eosId, int padId) {
  /** Our choice: 2^24, sixty times the largest vocabulary in use. */
  private static final int MAX_ID = 1 << 24;

  private static final List<String> USUAL_EOS =
      List.of("<|im_end|>", "<|endoftext|>", "<|end_of_text|>", "</s>");
  private static final List<String> USUAL_PAD = List.of("<|endoftext|>", "<pad>", "<|pad|>");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads both files.
   *
   * @param config the bytes of {@code tokenizer_config.json}, or null if there is none
   * @throws DataException naming the file and what is wrong in it
   */
  static TokenizerJson parse(String name, byte[] tokenizer, String configName, byte[] config) {
    JsonNode root = object(name, tokenizer);
    Map<String, Integer> ids = vocabulary(name, root.path("model").path("vocab"));
    Map<String, Integer> specials = new LinkedHashMap<>();
    for (JsonNode added : root.path("added_tokens")) {
      String content = added.path("content").asText("");
      JsonNode id = added.path("id");
      if (content.isEmpty() || !added.path("content").isTextual() || !validId(id)) {
        throw new DataException(
            name + ": added_tokens: expected entries with content and id, got " + added);
      }
      ids.put(content, id.intValue());
      if (added.path("special").asBoolean()) {
        specials.put(content, id.intValue());
      }
    }
    int size = 0;
    for (int id : ids.values()) {
      size = Math.max(size, id + 1);
    }
    String unknown = root.path("model").path("unk_token").asText("");
    JsonNode settings = config == null ? JSON.createObjectNode() : object(configName, config);
    int eos = named(configName, settings, "eos_token", ids, USUAL_EOS);
    if (eos < 0) {
      throw new DataException(
          name
              + ": no token that ends a sequence; write a tokenizer_config.json beside it with"
              + " {\"eos_token\": \"…\"}");
    }
    int pad = named(configName, settings, "pad_token", ids, USUAL_PAD);
    return new TokenizerJson(
        specials, size, ids.getOrDefault(unknown, -1), eos, pad < 0 ? eos : pad);
  }

  /**
   * A {@code tokenizer.json} whose special tokens are spelled as nobody can write them; every id
   * stays. The token for unknown text keeps its name, because ordinary text may become it.
   */
  static byte[] withoutSpecials(String name, byte[] tokenizer, TokenizerJson read) {
    JsonNode root = object(name, tokenizer);
    String secret = "\ue000" + UUID.randomUUID() + "-";
    JsonNode vocab = root.path("model").path("vocab");
    for (JsonNode added : root.path("added_tokens")) {
      String content = added.path("content").asText();
      int id = added.path("id").intValue();
      if (read.specials().containsKey(content) && id != read.unknownId()) {
        String unwritable = secret + id;
        ((ObjectNode) added).put("content", unwritable);
        if (vocab instanceof ObjectNode ids && ids.has(content)) {
          ids.set(unwritable, ids.remove(content));
        } else if (vocab instanceof ArrayNode entries && entries.path(id).isArray()) {
          ((ArrayNode) entries.get(id)).set(0, TextNode.valueOf(unwritable));
        }
      }
    }
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that was read must be writable", e);
    }
  }

  static JsonNode object(String name, byte[] bytes) {
    try {
      JsonNode root = JSON.readTree(bytes);
      if (root == null || !root.isObject()) {
        throw new DataException(name + ": expected a JSON object; copy the file again");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new DataException(
          name
              + ":"
              + (e.getLocation() == null ? 1 : e.getLocation().getLineNr())
              + ": expected JSON, got something else ("
              + e.getOriginalMessage()
              + "); copy the file again",
          e);
    } catch (IOException e) {
      throw new DataException(name + ": cannot be read (" + e + ")", e);
    }
  }

  private static Map<String, Integer> vocabulary(String name, JsonNode vocab) {
    Map<String, Integer> ids = new HashMap<>();
    if (vocab.isArray()) {
      for (JsonNode entry : vocab) {
        ids.put(entry.path(0).asText(), ids.size());
      }
    } else {
      for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
        if (!validId(entry.getValue())) {
          throw new DataException(
              name
                  + ": model.vocab: expected an id from 0 to "
                  + MAX_ID
                  + " for \""
                  + entry.getKey()
                  + "\", got "
                  + entry.getValue()
                  + "; copy the file again");
        }
        ids.put(entry.getKey(), entry.getValue().intValue());
      }
    }
    if (ids.isEmpty()) {
      throw new DataException(
          name + ": expected a vocabulary at model.vocab, got none; is this a tokenizer.json?");
    }
    return ids;
  }

  private static boolean validId(JsonNode id) {
    return id.isIntegralNumber()
        && id.canConvertToInt()
        && id.intValue() >= 0
        && id.intValue() <= MAX_ID;
  }

  /** The text of a named token, written plainly or as an object; empty if there is none. */
  static String tokenText(JsonNode value) {
    if (value.isNull()) {
      return "";
    }
    return value.isObject() ? value.path("content").asText("") : value.asText("");
  }

  /** The id of the token that a setting names, else of the first usual one, else −1. */
  private static int named(
      String name, JsonNode settings, String field, Map<String, Integer> ids, List<String> usual) {
    String text = tokenText(settings.path(field));
    if (!text.isEmpty()) {
      Integer id = ids.get(text);
      if (id == null) {
        throw new DataException(
            name + ": " + field + ": \"" + text + "\" is not in the vocabulary; name one that is");
      }
      return id;
    }
    return usual.stream().filter(ids::containsKey).map(ids::get).findFirst().orElse(-1);
  }
}
