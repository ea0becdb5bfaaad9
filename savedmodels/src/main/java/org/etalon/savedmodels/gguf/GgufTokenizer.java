package org.etalon.savedmodels.gguf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.etalon.data.DataException;

/** Makes Hugging Face's tokenizer files of a GGUF file's metadata: byte-level byte pairs only. */
final class GgufTokenizer {
  static final String MODEL = "tokenizer.ggml.model";
  static final String PRE = "tokenizer.ggml.pre";
  static final String TOKENS = "tokenizer.ggml.tokens";
  static final String TYPES = "tokenizer.ggml.token_type";
  static final String MERGES = "tokenizer.ggml.merges";
  static final String BOS = "tokenizer.ggml.bos_token_id";
  static final String EOS = "tokenizer.ggml.eos_token_id";
  static final String PAD = "tokenizer.ggml.padding_token_id";
  static final String UNKNOWN = "tokenizer.ggml.unknown_token_id";
  static final String ADD_BOS = "tokenizer.ggml.add_bos_token";
  static final String ADD_EOS = "tokenizer.ggml.add_eos_token";
  static final String ADD_SPACE = "tokenizer.ggml.add_space_prefix";
  static final String TEMPLATE = "tokenizer.chat_template";
  static final String BYTE_LEVEL = "gpt2";

  /** Kinds of tokens, llama.cpp's numbers. */
  static final int NORMAL = 1;

  static final int CONTROL = 3;
  static final int USER_DEFINED = 4;
  static final int UNUSED = 5;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final GgufMetadata metadata;
  private final List<String> tokens;
  private final List<Integer> types;
  private final PreTokenizer pre;
  private final int vocabulary;

  /**
   * Reads what a file says of its tokenizer.
   *
   * @param vocabulary rows of the embedding
   * @throws DataException if it is not of byte-level byte pairs, malformed or cut in another way
   */
  GgufTokenizer(GgufMetadata metadata, int vocabulary) {
    this.metadata = metadata;
    this.vocabulary = vocabulary;
    String model = metadata.text(MODEL).orElseThrow(() -> metadata.missing(MODEL));
    if (!model.equals(BYTE_LEVEL)) {
      throw metadata.wrong(MODEL, BYTE_LEVEL, model + "; only byte-level byte pairs are read");
    }
    if (metadata.flag(ADD_SPACE).orElse(false)) {
      throw metadata.wrong(ADD_SPACE, "false", "true; a text is taken as it is written");
    }
    String name = metadata.text(PRE).orElse("default");
    this.pre =
        PreTokenizer.of(name)
            .orElseThrow(
                () ->
                    metadata.wrong(
                        PRE,
                        "one of " + PreTokenizer.names(),
                        name + "; use the model's Hugging Face folder"));
    this.tokens = metadata.texts(TOKENS).orElseThrow(() -> metadata.missing(TOKENS));
    this.types = metadata.numbers(TYPES).orElseThrow(() -> metadata.missing(TYPES));
    checkTokens();
  }

  private void checkTokens() {
    if (tokens.isEmpty() || tokens.size() > vocabulary) {
      throw metadata.wrong(
          TOKENS, "1 to " + vocabulary + " tokens, the embedding's rows", tokens.size());
    }
    if (types.size() != tokens.size()) {
      throw metadata.wrong(TYPES, "one of each of " + tokens.size() + " tokens", types.size());
    }
    Set<String> seen = new HashSet<>();
    for (int id = 0; id < tokens.size(); id++) {
      int type = types.get(id);
      if (!seen.add(tokens.get(id)) || tokens.get(id).isEmpty()) {
        throw metadata.wrong(
            TOKENS, "tokens that differ", "\"" + tokens.get(id) + "\" again as id " + id);
      }
      if (type < NORMAL || type > UNUSED) {
        throw metadata.wrong(
            TYPES, "1 to 5, no byte tokens", type + " for \"" + tokens.get(id) + "\"");
      }
    }
  }

  /** Token that ends a response. */
  int eosId() {
    return id(EOS).orElseThrow(() -> metadata.missing(EOS));
  }

  /** Token that opens a text, if the model has one. */
  OptionalInt bosId() {
    return id(BOS);
  }

  /** Token that fills rows, if the model has one. */
  OptionalInt padId() {
    return id(PAD);
  }

  private OptionalInt id(String key) {
    OptionalInt id = metadata.integer(key, 0);
    if (id.isPresent() && id.getAsInt() >= tokens.size()) {
      throw metadata.wrong(key, "an id below " + tokens.size(), id.getAsInt());
    }
    return id;
  }

  /** The files' texts. */
  TokenizerTexts texts() {
    return new TokenizerTexts(text(tokenizer()), text(config()));
  }

  private ObjectNode tokenizer() {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    int inVocabulary = sizeOfVocabulary();
    added(root.putArray("added_tokens"));
    root.set("normalizer", pre.normalizer());
    root.set("pre_tokenizer", pre.steps());
    root.set("post_processor", postProcessor());
    root.set("decoder", byteLevel());
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token").putNull("continuing_subword_prefix");
    model.putNull("end_of_word_suffix").put("fuse_unk", false).put("byte_fallback", false);
    model.put("ignore_merges", pre.ignoreMerges());
    ObjectNode vocab = model.putObject("vocab");
    for (int id = 0; id < inVocabulary; id++) {
      vocab.put(tokens.get(id), id);
    }
    merges(model.putArray("merges"), inVocabulary);
    return root;
  }

  /**
   * Ids before this are listed in the vocabulary. Special tokens after the last ordinary one are
   * only added to it, and tokens that merely fill the embedding's rows at the end are left out.
   */
  private int sizeOfVocabulary() {
    int size = tokens.size();
    while (size > 0 && types.get(size - 1) == UNUSED) {
      size--;
    }
    while (size > 0 && isAdded(size - 1)) {
      size--;
    }
    return size;
  }

  private boolean isAdded(int id) {
    return types.get(id) == CONTROL || types.get(id) == USER_DEFINED;
  }

  private void added(ArrayNode added) {
    for (int id = 0; id < tokens.size(); id++) {
      if (isAdded(id)) {
        added
            .addObject()
            .put("id", id)
            .put("content", tokens.get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", types.get(id) == CONTROL);
      }
    }
  }

  private void merges(ArrayNode merges, int inVocabulary) {
    Set<String> known = new HashSet<>(tokens.subList(0, inVocabulary));
    for (String merge : metadata.texts(MERGES).orElseThrow(() -> metadata.missing(MERGES))) {
      // A token may hold a space of its own, never as its first character.
      int space = merge.indexOf(' ', 1);
      String left = space < 0 ? "" : merge.substring(0, space);
      String right = merge.substring(space + 1);
      if (!known.contains(left) || !known.contains(right) || !known.contains(left + right)) {
        throw metadata.wrong(
            MERGES, "two tokens that make a third", "\"" + merge + "\"; convert the model again");
      }
      merges.addArray().add(left).add(right);
    }
  }

  private ObjectNode byteLevel() {
    return JSON.createObjectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", false)
        .put("use_regex", true);
  }

  /** What the library adds around a text if it is asked to, which Etalon never does. */
  private ObjectNode postProcessor() {
    boolean bos = metadata.flag(ADD_BOS).orElse(pre.addsBos());
    boolean eos = metadata.flag(ADD_EOS).orElse(false);
    if (!bos && !eos) {
      return byteLevel();
    }
    ObjectNode node = JSON.createObjectNode().put("type", "TemplateProcessing");
    ArrayNode single = node.putArray("single");
    ArrayNode pair = node.putArray("pair");
    ObjectNode specials = JSON.createObjectNode();
    for (String part : new String[] {"A", "B"}) {
      ArrayNode text = JSON.createArrayNode();
      if (bos) {
        special(text, specials, BOS, part);
      }
      text.addObject().putObject("Sequence").put("id", part).put("type_id", type(part));
      if (eos) {
        special(text, specials, EOS, part);
      }
      pair.addAll(text);
      if (part.equals("A")) {
        single.addAll(text);
      }
    }
    node.set("special_tokens", specials);
    return node;
  }

  private void special(ArrayNode text, ObjectNode specials, String key, String part) {
    int id = id(key).orElseThrow(() -> metadata.missing(key));
    String token = tokens.get(id);
    text.addObject().putObject("SpecialToken").put("id", token).put("type_id", type(part));
    ObjectNode special = specials.putObject(token).put("id", token);
    special.putArray("ids").add(id);
    special.putArray("tokens").add(token);
  }

  private static int type(String part) {
    return part.equals("A") ? 0 : 1;
  }

  private ObjectNode config() {
    ObjectNode root = JSON.createObjectNode();
    root.put("tokenizer_class", "PreTrainedTokenizerFast");
    root.put("add_prefix_space", false);
    root.put("clean_up_tokenization_spaces", false);
    named(root, "bos_token", bosId());
    named(root, "eos_token", OptionalInt.of(eosId()));
    named(root, "pad_token", padId());
    named(root, "unk_token", id(UNKNOWN));
    Optional<String> template = metadata.text(TEMPLATE);
    template.ifPresent(text -> root.put("chat_template", text));
    return root;
  }

  private void named(ObjectNode root, String field, OptionalInt id) {
    if (id.isPresent()) {
      root.put(field, tokens.get(id.getAsInt()));
    }
  }

  private static String text(ObjectNode root) {
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree must be writable", e);
    }
  }
}
