package org.etalon.data.grade.code;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import org.etalon.data.DataException;

/** Strict reading of JSON as Python's {@code json} module takes it. */
final class JsonText {
  /** Our choice: longer numbers than any public problem has; reading them takes quadratic time. */
  private static final int MOST_DIGITS = 20_000;

  private static final int MOST_NESTING = 2_000;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(MOST_DIGITS)
                          .maxNestingDepth(MOST_NESTING)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonText() {}

  static ObjectNode newObject() {
    return JSON.createObjectNode();
  }

  /**
   * One value.
   *
   * @throws JsonProcessingException if the text is not one JSON value
   */
  static JsonNode value(String text) throws JsonProcessingException {
    return JSON.readTree(text);
  }

  /** One object; {@code place} begins the complaint about anything else. */
  static JsonNode object(String text, String place) {
    JsonNode node = list(text, place);
    if (!node.isObject()) {
      throw new DataException(
          place + ": expected a JSON object, got " + shown(node) + "; write {…}");
    }
    return node;
  }

  /** One value of any sort; {@code place} begins the complaint about text that is none. */
  static JsonNode list(String text, String place) {
    try {
      return value(text);
    } catch (JsonProcessingException e) {
      throw new DataException(
          place
              + ": expected JSON, got text that is not ("
              + e.getOriginalMessage()
              + "); correct it",
          e);
    }
  }

  /** Arguments and result of a functional test are JSON values, one argument a line. */
  static void requireValues(CodeTests.Test test, String field) {
    int number = 0;
    for (String line : arguments(test.input())) {
      requireValue(line, field + ".input", "line " + ++number + " to be an argument in JSON");
    }
    requireValue(test.output(), field + ".output", "one JSON value");
  }

  /** The lines of a functional input; a last line break ends the last argument. */
  static String[] arguments(String input) {
    String text = input.endsWith("\n") ? input.substring(0, input.length() - 1) : input;
    return text.isEmpty() ? new String[0] : text.split("\n", -1);
  }

  private static void requireValue(String text, String field, String expected) {
    boolean missing;
    try {
      missing = value(text).isMissingNode();
    } catch (JsonProcessingException e) {
      throw wrong(field, expected, shown(text) + " (" + e.getOriginalMessage() + ")");
    }
    if (missing) {
      throw wrong(field, expected, "nothing");
    }
  }

  private static DataException wrong(String field, String expected, String got) {
    return new DataException(
        "field \"" + field + "\": expected " + expected + ", got " + got + "; correct the test");
  }

  static String shown(JsonNode node) {
    return node.isMissingNode() ? "nothing" : shown(node.toString());
  }

  /** What a program wrote, short enough for a message of one line. */
  static String line(String text) {
    return Ascii.truncate(text.replaceAll("\\p{Cntrl}", " "), 200, "…");
  }

  static String shown(String text) {
    return Ascii.truncate(text, 60, "…");
  }
}
