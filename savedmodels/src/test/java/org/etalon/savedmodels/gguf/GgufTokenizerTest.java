package org.etalon.savedmodels.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode golden = golden();
  private final int size = golden.get("tokens").size();
  private final Map<String, GgufValue> metadata = new HashMap<>();

  GgufTokenizerTest() {
    metadata.put(GgufTokenizer.MODEL, new GgufValue.Text("gpt2"));
    metadata.put(GgufTokenizer.PRE, new GgufValue.Text("smollm"));
    metadata.put(GgufTokenizer.TOKENS, new GgufValue.Texts(texts("tokens")));
    metadata.put(GgufTokenizer.MERGES, new GgufValue.Texts(texts("merges")));
    metadata.put(
        GgufTokenizer.TYPES,
        new GgufValue.Wholes(List.of(JSON.convertValue(golden.get("types"), Integer[].class))));
    metadata.put(GgufTokenizer.EOS, new GgufValue.Whole(size - 2));
  }

  private static JsonNode golden() {
    try {
      return Golden.json("tokenizer.json");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> texts(String field) {
    return List.of(JSON.convertValue(golden.get(field), String[].class));
  }

  private GgufTokenizer read(int vocabulary) {
    return new GgufTokenizer(new GgufMetadata("m.gguf", metadata), vocabulary);
  }

  private void assertSameIds(TokenizerFile tokenizer, String pre) {
    List<String> texts = texts("texts");
    for (int i = 0; i < texts.size(); i++) {
      int[] expected = JSON.convertValue(golden.get("ids").get(pre).get(i), int[].class);
      assertArrayEquals(expected, tokenizer.encode(texts.get(i)), pre + ": " + texts.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smollm", "qwen2", "llama-bpe", "gpt-2", "default"})
  void idsAreThoseOfLlamaCpp(String pre) {
    metadata.put(GgufTokenizer.PRE, new GgufValue.Text(pre));
    metadata.put(GgufTokenizer.BOS, new GgufValue.Whole(size - 3));
    try (TokenizerFile tokenizer = read(size).texts().load()) {
      assertSameIds(tokenizer, pre);
      assertEquals(size - 2, tokenizer.eosId());
      assertEquals(size - 3, tokenizer.specialId("<|im_start|>").orElseThrow());
      assertTrue(tokenizer.specialId("<tool>").isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"smollm", "qwen2", "llama-bpe", "gpt-2", "default"})
  void metadataComesBackFromTheFilesMadeOfIt(String pre) {
    metadata.put(GgufTokenizer.PRE, new GgufValue.Text(pre));
    metadata.put(GgufTokenizer.BOS, new GgufValue.Whole(size - 3));
    metadata.put(GgufTokenizer.TEMPLATE, new GgufValue.Text("{{ messages }}"));
    GgufTokenizer read = read(size);
    Map<String, GgufValue> back = GgufVocabulary.metadata(read.texts(), size, size - 2, size - 1);
    metadata.forEach((key, value) -> assertEquals(value, back.get(key), key));
    assertEquals(new GgufValue.Flag(pre.equals("llama-bpe")), back.get(GgufTokenizer.ADD_BOS));
  }

  @Test
  void rowsBeyondTheTokenizerAreFilledUpAndLeftOutAgain() {
    TokenizerTexts texts = read(size).texts();
    metadata.putAll(GgufVocabulary.metadata(texts, size + 5, size - 2, size - 2));
    GgufValue.Texts tokens = (GgufValue.Texts) metadata.get(GgufTokenizer.TOKENS);
    assertEquals("[PAD" + (size + 4) + "]", tokens.values().get(size + 4));
    assertEquals(texts.tokenizer(), read(size + 5).texts().tokenizer());
  }

  @Test
  void theBuiltInTokenizerSurvives() {
    try (TokenizerFile builtin = TokenizerFile.builtin()) {
      int rows = builtin.vocabSize();
      metadata.clear();
      metadata.putAll(
          GgufVocabulary.metadata(
              TokenizerTexts.of(builtin), rows, builtin.eosId(), builtin.padId()));
      try (TokenizerFile back = read(rows).texts().load()) {
        for (String text : texts("texts")) {
          assertArrayEquals(builtin.encode(text), back.encode(text), text);
        }
        assertEquals(builtin.eosId(), back.eosId());
        assertEquals(builtin.padId(), back.padId());
      }
    }
  }

  @Test
  void whatIsNotComputedHereIsRefusedByName() {
    refused(GgufTokenizer.PRE, new GgufValue.Text("chameleon"), "smollm, qwen2");
    refused(GgufTokenizer.MODEL, new GgufValue.Text("llama"), "only byte-level");
    refused(GgufTokenizer.ADD_SPACE, new GgufValue.Flag(true), "add_space_prefix");
    refused(GgufTokenizer.EOS, new GgufValue.Whole(size), "an id below " + size);
    refused(GgufTokenizer.MERGES, new GgufValue.Texts(List.of("zzz qqq")), "two tokens");
    refused(GgufTokenizer.MERGES, new GgufValue.Texts(List.of("")), "two tokens");
    refused(GgufTokenizer.TOKENS, new GgufValue.Texts(List.of("a", "a")), "expected");
    refused(GgufTokenizer.TYPES, new GgufValue.Text("x"), "a list of 32-bit integers");
  }

  private void refused(String key, GgufValue value, String said) {
    GgufValue before = metadata.put(key, value);
    DataException refusal =
        assertThrows(
            DataException.class,
            () -> {
              GgufTokenizer read = read(size);
              read.eosId();
              read.texts();
            });
    assertTrue(refusal.getMessage().contains(said), refusal.getMessage());
    assertTrue(refusal.getMessage().startsWith("m.gguf: "), refusal.getMessage());
    metadata.remove(key);
    if (before != null) {
      metadata.put(key, before);
    }
  }

  @Test
  void aTokenizerOfAnotherKindIsNotExported() {
    TokenizerTexts texts = read(size).texts();
    for (String[] change :
        new String[][] {
          {"\"BPE\"", "\"Unigram\"", "model.type"},
          {"\"Digits\"", "\"Whitespace\"", "pre_tokenizer"},
          {"\"byte_fallback\" : false", "\"byte_fallback\" : true", "byte_fallback"},
          {"\"lstrip\" : false", "\"lstrip\" : true", "lstrip"}
        }) {
      String other = texts.tokenizer().replace(change[0], change[1]);
      DataException refusal =
          assertThrows(
              DataException.class,
              () -> GgufVocabulary.metadata(new TokenizerTexts(other, texts.config()), size, 1, 1));
      assertTrue(refusal.getMessage().contains(change[2]), refusal.getMessage());
    }
  }
}
