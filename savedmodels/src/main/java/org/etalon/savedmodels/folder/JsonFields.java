package org.etalon.savedmodels.folder;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Sets;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;

/**
 * Strict access to the fields of one JSON object: a wrong type or range is an error that names the
 * file and the field.
 *
 * @param file named in errors
 * @param path put before a field's name in errors; ends with a dot unless empty
 * @param node the object
 */
record JsonFields(String file, String path, ObjectNode node) {
  private static final int LONGEST_SHOWN = 200;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  /**
   * Reads an object.
   *
   * @throws DataException naming the file and the line if the text is not one JSON object
   */
  static JsonFields parse(String file, String text) {
    try {
      JsonNode root = MAPPER.readTree(text);
      if (root instanceof ObjectNode object) {
        return new JsonFields(file, "", object);
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new DataException(
          file + ":" + line + ": not JSON: " + shown(e.getOriginalMessage()), e);
    }
    throw new DataException(file + ": expected a JSON object");
  }

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  /** The object as text with line breaks. */
  static String text(ObjectNode node) {
    try {
      return MAPPER.writeValueAsString(node) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree must be writable", e);
    }
  }

  /** The object in a field. */
  JsonFields object(String key) {
    if (node.get(key) instanceof ObjectNode object) {
      return new JsonFields(file, path + key + ".", object);
    }
    throw wrong(key, "an object", "correct the field");
  }

  /** Missing or null. */
  boolean absent(String key) {
    return node.path(key).isMissingNode() || node.path(key).isNull();
  }

  int integer(String key) {
    JsonNode value = node.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
      throw wrong(key, "a positive integer", "correct the field");
    }
    return value.asInt();
  }

  int integer(String key, int fallback) {
    return absent(key) ? fallback : integer(key);
  }

  double number(String key) {
    JsonNode value = node.path(key);
    if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
      throw wrong(key, "a positive number", "correct the field");
    }
    return value.asDouble();
  }

  double number(String key, double fallback) {
    return absent(key) ? fallback : number(key);
  }

  boolean bool(String key, boolean fallback) {
    if (absent(key)) {
      return fallback;
    }
    if (!node.path(key).isBoolean()) {
      throw wrong(key, "true or false", "correct the field");
    }
    return node.get(key).asBoolean();
  }

  String text(String key) {
    if (!node.path(key).isTextual()) {
      throw wrong(key, "a text", "correct the field");
    }
    return node.get(key).asText();
  }

  /**
   * Refuses fields of other names.
   *
   * @param known those that are looked at
   * @param harmless those that change nothing in what is computed
   */
  void refuseUnknown(Set<String> known, Set<String> harmless) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key) && !harmless.contains(key)) {
                // A long name is no mistyped one, and comparing it would take long.
                String meant =
                    (key.length() > LONGEST_SHOWN
                            ? Optional.<String>empty()
                            : NearestName.of(key, Sets.union(known, harmless)))
                        .map(name -> "; did you mean " + path + name + "?")
                        .orElse("; remove it if the model computes the same without it");
                throw new DataException(file + ": unknown field " + path + shown(key) + meant);
              }
            });
  }

  DataException wrong(String key, String expected, String remedy) {
    JsonNode value = node.path(key);
    String got = value.isMissingNode() ? "nothing" : shown(value.toString());
    return new DataException(
        file + ": " + path + key + ": expected " + expected + ", got " + got + "; " + remedy);
  }

  /** Text of the file in a message: one line, and not longer than a reader wants. */
  static String shown(String text) {
    String start = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
    return start.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
  }
}
