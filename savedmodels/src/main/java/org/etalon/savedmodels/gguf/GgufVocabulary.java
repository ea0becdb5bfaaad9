package org.etalon.savedmodels.gguf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.DataException;

/** Makes a GGUF file's metadata of Hugging Face's tokenizer files: byte-level byte pairs only. */
final class GgufVocabulary {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "tokenizer.json: ";
  private static final String REMEDY = "; export to a Hugging Face folder instead";

  private final JsonNode root;
  private final JsonNode config;
  private final List<String> tokens;
  private final List<Integer> types;

  private GgufVocabulary(TokenizerTexts texts, int vocabulary) {
    this.root = json("tokenizer.json", texts.tokenizer());
    this.config = json("tokenizer_config.json", texts.config());
    this.tokens = new ArrayList<>(Collections.nCopies(vocabulary, null));
    this.types = new ArrayList<>(Collections.nCopies(vocabulary, GgufTokenizer.UNUSED));
  }

  /**
   * The metadata, its keys in llama.cpp's order.
   *
   * @param vocabulary rows of the embedding; those beyond the tokenizer are filled up
   * @param eosId token that ends a response
   * @param padId token that fills rows
   * @throws DataException if llama.cpp would cut or merge a text in another way
   */
  static Map<String, GgufValue> metadata(
      TokenizerTexts texts, int vocabulary, int eosId, int padId) {
    GgufVocabulary made = new GgufVocabulary(texts, vocabulary);
    PreTokenizer pre = made.preTokenizer();
    made.checkModel();
    made.fill();
    Map<String, GgufValue> metadata = new LinkedHashMap<>();
    metadata.put(GgufTokenizer.MODEL, new GgufValue.Text(GgufTokenizer.BYTE_LEVEL));
    metadata.put(GgufTokenizer.PRE, new GgufValue.Text(pre.name()));
    metadata.put(GgufTokenizer.TOKENS, new GgufValue.Texts(made.tokens));
    metadata.put(GgufTokenizer.TYPES, new GgufValue.Wholes(made.types));
    metadata.put(GgufTokenizer.MERGES, new GgufValue.Texts(made.merges()));
    made.named("bos_token")
        .ifPresent(id -> metadata.put(GgufTokenizer.BOS, new GgufValue.Whole(id)));
    metadata.put(GgufTokenizer.EOS, new GgufValue.Whole(eosId));
    made.named("unk_token")
        .ifPresent(id -> metadata.put(GgufTokenizer.UNKNOWN, new GgufValue.Whole(id)));
    metadata.put(GgufTokenizer.PAD, new GgufValue.Whole(padId));
    metadata.put(GgufTokenizer.ADD_SPACE, new GgufValue.Flag(false));
    metadata.put(GgufTokenizer.ADD_BOS, new GgufValue.Flag(made.addsSpecial(true)));
    metadata.put(GgufTokenizer.ADD_EOS, new GgufValue.Flag(made.addsSpecial(false)));
    JsonNode template = made.config.path("chat_template");
    if (template.isTextual()) {
      metadata.put(GgufTokenizer.TEMPLATE, new GgufValue.Text(template.textValue()));
    } else if (!template.isMissingNode() && !template.isNull()) {
      throw new DataException(
          "tokenizer_config.json: chat_template: expected one text, got several; keep the one to export");
    }
    return metadata;
  }

  private PreTokenizer preTokenizer() {
    boolean ignoreMerges = root.path("model").path("ignore_merges").asBoolean();
    return PreTokenizer.matching(root.path("normalizer"), root.path("pre_tokenizer"), ignoreMerges)
        .orElseThrow(
            () ->
                new DataException(
                    FILE
                        + "pre_tokenizer: expected that of one of "
                        + PreTokenizer.names()
                        + ", got another one or another normalizer"
                        + REMEDY));
  }

  private void checkModel() {
    JsonNode model = root.path("model");
    if (!model.path("type").asText().equals("BPE")) {
      throw new DataException(
          FILE + "model.type: expected BPE, got \"" + model.path("type").asText() + "\"" + REMEDY);
    }
    for (String off : new String[] {"byte_fallback", "fuse_unk"}) {
      refuse("model." + off, model.path(off).asBoolean());
    }
    for (String none :
        new String[] {"continuing_subword_prefix", "end_of_word_suffix", "unk_token", "dropout"}) {
      refuse("model." + none, !model.path(none).asText("").isEmpty() && !isNull(model.path(none)));
    }
  }

  private static void refuse(String option, boolean set) {
    if (set) {
      throw new DataException(FILE + option + ": llama.cpp has no such option" + REMEDY);
    }
  }

  private static boolean isNull(JsonNode node) {
    return node.isNull() || node.isMissingNode();
  }

  private void fill() {
    for (Map.Entry<String, JsonNode> token : root.path("model").path("vocab").properties()) {
      put(token.getKey(), token.getValue(), GgufTokenizer.NORMAL);
    }
    for (JsonNode added : root.path("added_tokens")) {
      String content = added.path("content").asText();
      for (String option : new String[] {"single_word", "lstrip", "rstrip"}) {
        refuse("added_tokens: \"" + content + "\": " + option, added.path(option).asBoolean());
      }
      boolean special = added.path("special").asBoolean();
      put(content, added.path("id"), special ? GgufTokenizer.CONTROL : GgufTokenizer.USER_DEFINED);
    }
    for (int id = 0; id < tokens.size(); id++) {
      if (tokens.get(id) == null) {
        tokens.set(id, "[PAD" + id + "]");
      }
    }
    Set<String> seen = new HashSet<>();
    for (String token : tokens) {
      if (!seen.add(token)) {
        throw new DataException(FILE + "\"" + token + "\" has two ids; give it one");
      }
    }
  }

  private void put(String token, JsonNode place, int type) {
    int id = place.canConvertToInt() ? place.asInt(-1) : -1;
    if (id < 0 || id >= tokens.size()) {
      throw new DataException(
          "%s\"%s\": expected an id from 0 to %d, the embedding's last row, got %s; use the model's own tokenizer"
              .formatted(FILE, token, tokens.size() - 1, place));
    }
    String there = tokens.set(id, token);
    if (there != null && !there.equals(token)) {
      throw new DataException(
          FILE + "id " + id + " is both \"" + there + "\" and \"" + token + "\"; correct the file");
    }
    types.set(id, type);
  }

  /** Merges in the form "a b"; newer files hold pairs. */
  private List<String> merges() {
    List<String> merges = new ArrayList<>();
    for (JsonNode merge : root.path("model").path("merges")) {
      String text =
          merge.isArray() ? merge.path(0).asText() + " " + merge.path(1).asText() : merge.asText();
      if (Arrays.stream(text.split(" ", -1)).filter(part -> !part.isEmpty()).count() != 2) {
        throw new DataException(
            FILE + "model.merges: expected two tokens without spaces, got " + merge + REMEDY);
      }
      merges.add(text);
    }
    return merges;
  }

  private Optional<Integer> named(String field) {
    JsonNode value = config.path(field);
    String token = value.isObject() ? value.path("content").asText() : value.asText("");
    int id = isNull(value) ? -1 : tokens.indexOf(token);
    return id < 0 ? Optional.empty() : Optional.of(id);
  }

  /** Whether the post-processor puts a special token before a text, or after it. */
  private boolean addsSpecial(boolean before) {
    JsonNode processor = root.path("post_processor");
    List<JsonNode> steps = new ArrayList<>();
    processor.path("processors").forEach(steps::add);
    steps.add(processor);
    for (JsonNode step : steps) {
      JsonNode single = step.path("single");
      if (!single.isEmpty() && single.get(before ? 0 : single.size() - 1).has("SpecialToken")) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode json(String name, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DataException(name + ": not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
