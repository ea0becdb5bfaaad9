package org.etalon.data.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.DataException;

/**
 * What the files beside a tokenizer say of its chat template.
 *
 * <p>As transformers does it: {@code chat_template.jinja} before {@code chat_template} in {@code
 * tokenizer_config.json}; of several the one named {@code default}.
 *
 * @param place where the template stands, for errors
 * @param template its source, if there is one
 * @param tokens texts of named tokens, e.g. {@code bos_token}, which templates use
 */
record TemplateFiles(String place, Optional<String> template, ImmutableMap<String, String> tokens) {
  static final String CONFIG = "tokenizer_config.json";
  static final String SPECIAL_TOKENS = "special_tokens_map.json";
  static final String TEMPLATE = "chat_template.jinja";

  private static final String FIELD = "chat_template";
  private static final ImmutableList<String> NAMES =
      ImmutableList.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /**
   * Reads the files.
   *
   * @param configName path of {@code tokenizer_config.json}, for errors
   * @param files contents by file name; each may be missing
   * @throws DataException naming the file and what is wrong in it
   */
  static TemplateFiles read(String configName, Map<String, byte[]> files) {
    Map<String, String> tokens = new LinkedHashMap<>();
    Optional<String> template = Optional.empty();
    String place = configName + ": " + FIELD;
    for (String file : ImmutableList.of(SPECIAL_TOKENS, CONFIG)) {
      if (!files.containsKey(file)) {
        continue;
      }
      String name = configName.replace(CONFIG, file);
      JsonNode root = TokenizerJson.object(name, files.get(file));
      for (String token : NAMES) {
        String text = TokenizerJson.tokenText(root.path(token));
        if (!text.isEmpty()) {
          tokens.put(token, text);
        }
      }
      if (file.equals(CONFIG)) {
        template = template(name, root.path(FIELD));
      }
    }
    if (files.containsKey(TEMPLATE)) {
      place = configName.replace(CONFIG, TEMPLATE);
      template = Optional.of(new String(files.get(TEMPLATE), StandardCharsets.UTF_8));
    }
    return new TemplateFiles(place, template, ImmutableMap.copyOf(tokens));
  }

  private static Optional<String> template(String name, JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (value.isTextual()) {
      return Optional.of(value.asText());
    }
    for (JsonNode entry : value) {
      if (entry.path("name").asText().equals("default") && entry.path("template").isTextual()) {
        return Optional.of(entry.path("template").asText());
      }
    }
    throw new DataException(
        name + ": " + FIELD + ": expected a text, or a list with an entry named default; keep one");
  }
}
