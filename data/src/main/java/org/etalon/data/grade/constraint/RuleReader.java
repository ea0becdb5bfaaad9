package org.etalon.data.grade.constraint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.util.function.Function;
import org.etalon.data.DataException;

/**
 * Reads rules in any of the layouts that {@link ConstraintGrader} names.
 *
 * <p>Unknown rules and arguments are refused, missing ones too: a rule that is not understood must
 * not become a reward.
 */
final class RuleReader {
  /** Refuses a field that stands twice, and what follows the value. */
  static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private RuleReader() {}

  /**
   * The rules that a text gives.
   *
   * @throws DataException naming the rule or argument that is wrong
   */
  static ImmutableList<NamedRule> read(String text) {
    return read(parse(text));
  }

  /** The rules that a JSON value gives. */
  static ImmutableList<NamedRule> read(JsonNode json) {
    // IF-RLVR wraps its object in a list, and that object in a text.
    JsonNode node =
        json.isArray() && json.size() == 1 && !json.get(0).has("rule") ? json.get(0) : json;
    node = node.isTextual() ? parse(node.textValue()) : node;
    if (node.isArray() && !node.isEmpty()) {
      ImmutableList.Builder<NamedRule> rules = ImmutableList.builder();
      for (int i = 0; i < node.size(); i++) {
        rules.add(named(i + 1, node.get(i), "rule"));
      }
      return rules.build();
    }
    if (node.has("func_name")) {
      return ImmutableList.of(named(1, node, "func_name"));
    }
    String ids = node.has("instruction_id") ? "instruction_id" : "instruction_id_list";
    if (!node.isObject() || !node.has(ids)) {
      throw expected("a list of rules, or an object with instruction_id_list and kwargs", node);
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals(ids) && !name.equals("kwargs")) {
                throw new DataException(
                    "rules: unknown field \""
                        + Ascii.truncate(name, 80, "…")
                        + "\"; known are "
                        + ids
                        + " and kwargs; remove it");
              }
            });
    return parallel(node.get(ids), node.path("kwargs"));
  }

  /** Rules whose names and arguments stand in two lists. */
  static ImmutableList<NamedRule> parallel(JsonNode ids, JsonNode kwargs) {
    if (!ids.isArray() || ids.isEmpty() || !kwargs.isArray() || ids.size() != kwargs.size()) {
      throw new DataException(
          "rules: expected as many kwargs as instruction ids, and one at least, got %d and %d; correct the lists"
              .formatted(ids.size(), kwargs.size()));
    }
    ImmutableList.Builder<NamedRule> rules = ImmutableList.builder();
    for (int i = 0; i < ids.size(); i++) {
      JsonNode arguments =
          kwargs.get(i).isNull() ? JsonNodeFactory.instance.objectNode() : kwargs.get(i);
      rules.add(named(i + 1, ids.get(i), arguments));
    }
    return rules.build();
  }

  private static NamedRule named(int number, JsonNode object, String key) {
    if (!object.isObject() || !object.path(key).isTextual()) {
      throw expected("rule " + number + " to be an object with \"" + key + "\"", object);
    }
    ObjectNode arguments = ((ObjectNode) object).deepCopy();
    return named(number, arguments.remove(key), arguments);
  }

  private static NamedRule named(int number, JsonNode name, JsonNode arguments) {
    if (!name.isTextual() || !arguments.isObject()) {
      throw expected("rule " + number + " to have a name and an object of arguments", name);
    }
    String place = "rule " + number + " \"" + Ascii.truncate(name.textValue(), 80, "…") + "\"";
    Rule rule = RuleNames.read(name.textValue(), place, new Arguments(place, arguments));
    return new NamedRule(name.textValue(), rule);
  }

  private static JsonNode parse(String text) {
    String stripped = PythonText.strip(text);
    // Python prints a list of one dictionary with single quotes.
    boolean python =
        stripped.startsWith("{'") || stripped.startsWith("['") || stripped.startsWith("[{'");
    Function<String, String> rewrite = python ? PythonLiteral::toJson : json -> json;
    try {
      return MAPPER.readTree(rewrite.apply(stripped));
    } catch (JsonProcessingException e) {
      throw new DataException(
          "rules: expected JSON, got \"%s\" (%s); correct it"
              .formatted(Ascii.truncate(stripped, 80, "…"), e.getOriginalMessage()),
          e);
    }
  }

  private static DataException expected(String what, JsonNode got) {
    return new DataException(
        "rules: expected %s, got %s; correct it"
            .formatted(what, Ascii.truncate(got.toString(), 80, "…")));
  }
}
