package org.etalon.data.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.UnicodeText;

/** The fields of one row by dotted path; complaints start with the row's place. */
record Fields(Row row, ObjectNode root) {
  static Fields of(Row row) {
    return new Fields(row, row.fields());
  }

  /** The value at a path such as {@code reward_model.ground_truth} or {@code prompt[0].content}. */
  JsonNode at(String path) {
    JsonNode whole = root.path(path);
    if (!whole.isMissingNode()) {
      return whole;
    }
    JsonNode node = root;
    for (String part : path.split("\\.", -1)) {
      int bracket = part.endsWith("]") ? part.indexOf('[') : -1;
      node = node.path(bracket < 0 ? part : part.substring(0, bracket));
      if (bracket >= 0) {
        node = node.path(index(part.substring(bracket + 1, part.length() - 1)));
      }
    }
    return node;
  }

  boolean has(String path) {
    return !at(path).isMissingNode();
  }

  /** Text or a number as text; a missing, null or blank value is refused. */
  String text(String path) {
    return optional(path)
        .orElseThrow(
            () ->
                bad(
                    path,
                    "expected text, got " + shown(at(path)) + "; the row has " + columns(root)));
  }

  /** The same, but empty where the value is missing, null or blank. */
  Optional<String> optional(String path) {
    JsonNode node = at(path);
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual() && !node.isNumber()) {
      throw bad(path, "expected text, got " + shown(node));
    }
    String text = node.asText();
    int half = UnicodeText.firstHalfPair(text);
    if (half >= 0) {
      throw bad(path, "expected Unicode text, got half a surrogate pair at character " + half);
    }
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }

  /** A list of texts, or one text as a list; blank ones are left out. */
  List<String> texts(String path) {
    JsonNode node = at(path);
    if (!node.isArray()) {
      return optional(path).map(List::of).orElse(List.of());
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      JsonNode element = node.get(i);
      if (!element.isTextual() && !element.isNull()) {
        throw bad(path + "[" + i + "]", "expected text, got " + shown(element));
      }
      if (!element.asText("").isBlank()) {
        texts.add(element.textValue());
      }
    }
    return texts;
  }

  DataException bad(String path, String complaint) {
    return new DataException(row.place() + ": field \"" + path + "\": " + complaint);
  }

  static List<String> columns(ObjectNode root) {
    return ImmutableList.copyOf(root.fieldNames()).stream()
        .limit(40)
        .map(name -> Ascii.truncate(name, 60, "…"))
        .toList();
  }

  private static String shown(JsonNode node) {
    if (node.isMissingNode()) {
      return "no such field";
    }
    return node.isTextual() && node.asText().isBlank()
        ? "a blank string"
        : Ascii.truncate(node.toString(), 60, "…");
  }

  private static int index(String digits) {
    return digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : -1;
  }
}
