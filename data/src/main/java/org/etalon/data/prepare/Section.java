package org.etalon.data.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;

/**
 * A section of a recipe, read strictly: an unknown key is an error that names its neighbour.
 *
 * @param path dotted key of the section, empty for the whole recipe
 * @param node the section
 * @param where says where a dotted key stands, e.g. {@code recipe.yaml:7}
 */
record Section(String path, ObjectNode node, UnaryOperator<String> where) {
  static Section of(String path, JsonNode node, UnaryOperator<String> where) {
    if (node instanceof ObjectNode section) {
      return new Section(path, section, where);
    }
    throw new DataException(
        where.apply(path)
            + ": "
            + (path.isEmpty() ? "the recipe" : path)
            + " must be a section of keys, got "
            + shown(node));
  }

  /** Refuses every key that is not among these. */
  void allow(String... known) {
    for (String key : ImmutableList.copyOf(node.fieldNames())) {
      List<String> all = Arrays.asList(known);
      if (!all.contains(key)) {
        String near =
            NearestName.of(key, all).map(n -> "; did you mean " + n + "?").orElse("; remove it");
        throw new DataException(
            "%s: unknown key %s; known are %s%s".formatted(at(key), full(key), all, near));
      }
    }
  }

  boolean has(String key) {
    return node.has(key) && !node.get(key).isNull();
  }

  Optional<String> text(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    JsonNode value = node.get(key);
    if (!value.isValueNode() || value.asText().isBlank()) {
      throw wrong(key, "a text", value);
    }
    return Optional.of(value.asText());
  }

  /** One text or a list of texts, at least one. */
  List<String> texts(String key) {
    JsonNode value = node.path(key);
    if (value.isArray() && !value.isEmpty()) {
      List<String> texts = new ArrayList<>();
      for (JsonNode one : value) {
        if (!one.isTextual() || one.asText().isBlank()) {
          throw wrong(key, "a list of texts", value);
        }
        texts.add(one.asText());
      }
      return texts;
    }
    if (value.isTextual() && !value.asText().isBlank()) {
      return List.of(value.asText());
    }
    throw wrong(key, "a text or a list of texts", value);
  }

  long whole(String key, long least, long fallback) {
    if (!has(key)) {
      return fallback;
    }
    JsonNode value = node.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least) {
      throw wrong(key, "a whole number of at least " + least, value);
    }
    return value.asLong();
  }

  double number(String key, double least, double most, double fallback) {
    if (!has(key)) {
      return fallback;
    }
    JsonNode value = node.get(key);
    if (!value.isNumber() || !(value.asDouble() >= least && value.asDouble() <= most)) {
      throw wrong(key, "a number from " + least + " to " + most, value);
    }
    return value.asDouble();
  }

  boolean flag(String key, boolean fallback) {
    if (!has(key)) {
      return fallback;
    }
    JsonNode value = node.get(key);
    if (!value.isBoolean()) {
      throw wrong(key, "true or false", value);
    }
    return value.asBoolean();
  }

  String choice(String key, List<String> known) {
    String value = text(key).orElse(known.get(0));
    if (!known.contains(value)) {
      String near = NearestName.of(value, known).map(n -> ", did you mean " + n + "?").orElse("");
      throw new DataException(
          "%s: %s must be one of %s, got %s%s".formatted(at(key), full(key), known, value, near));
    }
    return value;
  }

  List<Map.Entry<String, JsonNode>> entries() {
    return ImmutableList.copyOf(node.properties());
  }

  DataException wrong(String key, String expected, JsonNode got) {
    return new DataException(
        "%s: %s must be %s, got %s".formatted(at(key), full(key), expected, shown(got)));
  }

  String at(String key) {
    return where.apply(full(key));
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  static String shown(JsonNode node) {
    return node.isMissingNode() ? "nothing" : Ascii.truncate(node.toString(), 80, "…");
  }
}
