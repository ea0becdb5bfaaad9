package org.etalon.data.grade.constraint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules on text that is JSON; a fence of three backticks around it is allowed. */
sealed interface JsonRule extends Rule {
  /** Our choice: what is nested deeper is no answer. Python's reader gives up at about as much. */
  int MOST_DEPTH = 500;

  ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Any one JSON value. Our choice: NaN and Infinity, which Python's reader takes, are none. */
  record Valid() implements JsonRule {
    @Override
    public Optional<String> complaint(String text) {
      return Rule.unless(read(text).isPresent(), "no JSON");
    }
  }

  /** A JSON object with some keys, others too, whose values have certain types. */
  record Keys(ImmutableMap<String, Type> types) implements JsonRule {
    @Override
    public Optional<String> complaint(String text) {
      Optional<JsonNode> json = read(text);
      if (json.isEmpty() || !json.get().isObject()) {
        return Optional.of(json.isEmpty() ? "no JSON" : "no JSON object");
      }
      for (Map.Entry<String, Type> entry : types.entrySet()) {
        JsonNode value = json.get().get(entry.getKey());
        if (value == null) {
          return Optional.of("no key \"" + entry.getKey() + "\"");
        }
        if (!entry.getValue().is(value)) {
          return Optional.of("\"%s\" is no %s".formatted(entry.getKey(), entry.getValue().label()));
        }
      }
      return Optional.empty();
    }
  }

  /** JSON Schema's types. */
  enum Type {
    STRING,
    NUMBER,
    INTEGER,
    BOOLEAN,
    ARRAY,
    OBJECT,
    NULL,
    ANY;

    String label() {
      return Ascii.toLowerCase(name());
    }

    static List<String> labels() {
      return Arrays.stream(values()).map(Type::label).toList();
    }

    boolean is(JsonNode value) {
      return switch (this) {
        case STRING -> value.isTextual();
        case NUMBER -> value.isNumber();
        case INTEGER -> value.isIntegralNumber();
        case BOOLEAN -> value.isBoolean();
        case ARRAY -> value.isArray();
        case OBJECT -> value.isObject();
        case NULL -> value.isNull();
        case ANY -> true;
      };
    }
  }

  private static Optional<JsonNode> read(String text) {
    String json = PythonText.strip(text);
    for (String fence : List.of("```json", "```Json", "```JSON", "```")) {
      json = json.startsWith(fence) ? json.substring(fence.length()) : json;
    }
    json = json.endsWith("```") ? json.substring(0, json.length() - 3) : json;
    try {
      JsonNode read = MAPPER.readTree(PythonText.strip(json));
      return Optional.of(read).filter(node -> !node.isMissingNode());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
