package org.etalon.data.grade.constraint;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;

/**
 * The arguments of one rule. A null is no argument, because data sets list every argument of every
 * rule with null for those that do not apply.
 */
final class Arguments {
  /** Our choice: no text needs more of anything. */
  private static final int MOST = 1_000_000;

  private final String place;
  private final JsonNode fields;
  private final Set<String> asked = new LinkedHashSet<>();

  /**
   * Arguments of an object.
   *
   * @param place what an error names, e.g. {@code rule 2 "keywords:existence"}
   * @param fields the object
   */
  Arguments(String place, JsonNode fields) {
    this.place = place;
    this.fields = fields;
  }

  /** A text that is not blank, without blanks around it. */
  String text(String name) {
    JsonNode value = required(name, "a text");
    // IF-RLVR writes single words as lists of one.
    JsonNode only = value.isArray() && value.size() == 1 ? value.get(0) : value;
    return text(name, only);
  }

  ImmutableList<String> texts(String name) {
    JsonNode value = required(name, "a list of texts");
    if (!value.isArray() || value.isEmpty()) {
      throw wrong(name, "a list of texts that is not empty", value);
    }
    List<String> texts = new ArrayList<>();
    value.forEach(one -> texts.add(text(name, one)));
    return ImmutableList.copyOf(texts);
  }

  private String text(String name, JsonNode value) {
    if (!value.isTextual() || PythonText.isBlank(value.textValue())) {
      throw wrong(name, "a text that is not blank", value);
    }
    return PythonText.strip(value.textValue());
  }

  /** A number from {@code least} to a million. */
  int number(String name, int least) {
    JsonNode value = required(name, "a whole number");
    boolean whole = value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
    if (!whole || value.doubleValue() < least || value.doubleValue() > MOST) {
      throw wrong(name, "a whole number from " + least + " to " + MOST, value);
    }
    return value.intValue();
  }

  /** A number that may be left out. */
  int number(String name, int least, int otherwise) {
    return isGiven(name) ? number(name, least) : otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    if (!isGiven(name)) {
      return otherwise;
    }
    JsonNode value = fields.get(name);
    if (!value.isBoolean()) {
      throw wrong(name, "true or false", value);
    }
    return value.booleanValue();
  }

  Relation relation(String name) {
    String label = text(name);
    for (Relation relation : Relation.values()) {
      if (relation.label().equals(label)) {
        return relation;
      }
    }
    throw unknown(name, label, Relation.labels());
  }

  /** A language's code, from a code or an English name. */
  String language(String name) {
    String given = text(name);
    return Languages.code(given).orElseThrow(() -> unknown(name, given, Languages.known()));
  }

  /** The keys and types of a JSON object. */
  ImmutableMap<String, JsonRule.Type> types(String name) {
    JsonNode value = required(name, "an object of keys and types");
    if (!value.isObject() || value.isEmpty()) {
      throw wrong(name, "an object of keys and types that is not empty", value);
    }
    ImmutableMap.Builder<String, JsonRule.Type> types = ImmutableMap.builder();
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String label = text(name, field.getValue());
      if (!JsonRule.Type.labels().contains(label)) {
        throw unknown(name, label, JsonRule.Type.labels());
      }
      types.put(field.getKey(), JsonRule.Type.valueOf(Ascii.toUpperCase(label)));
    }
    return types.buildOrThrow();
  }

  /** An error that names the rule. */
  DataException refusal(String complaint) {
    return new DataException(place + ": " + complaint);
  }

  /** Asks for an argument that is not used. */
  void ignore(String name) {
    asked.add(name);
  }

  /**
   * Refuses what nobody asked for.
   *
   * @throws DataException naming the argument and the nearest one that the rule has
   */
  void finish() {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!field.getValue().isNull() && !asked.contains(field.getKey())) {
        String remedy =
            NearestName.of(shown(field.getKey()), asked)
                .map(near -> "did you mean \"" + near + "\"?")
                .orElse("remove it");
        throw new DataException(
            "%s: unknown argument \"%s\"; known are %s; %s"
                .formatted(place, shown(field.getKey()), asked, remedy));
      }
    }
  }

  private boolean isGiven(String name) {
    asked.add(name);
    return fields.hasNonNull(name);
  }

  private JsonNode required(String name, String expected) {
    if (isGiven(name)) {
      return fields.get(name);
    }
    List<String> given = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!field.getValue().isNull() && !asked.contains(field.getKey())) {
        given.add(field.getKey());
      }
    }
    Optional<String> near = NearestName.of(name, given);
    throw new DataException(
        "%s: expected argument \"%s\", %s, got %s; %s"
            .formatted(
                place,
                name,
                expected,
                fields.has(name) ? "null" : "none",
                near.map(other -> "rename \"" + shown(other) + "\"").orElse("add it")));
  }

  private DataException wrong(String name, String expected, JsonNode got) {
    return new DataException(
        "%s: argument \"%s\": expected %s, got %s; correct it"
            .formatted(place, name, expected, shown(got.toString())));
  }

  private DataException unknown(String name, String got, Collection<String> known) {
    String remedy =
        NearestName.of(shown(got), known)
            .map(near -> "did you mean \"" + near + "\"?")
            .orElse("choose one");
    return new DataException(
        "%s: argument \"%s\": expected one of %s, got \"%s\"; %s"
            .formatted(place, name, known, shown(got), remedy));
  }

  private static String shown(String text) {
    return Ascii.truncate(text, 80, "…");
  }
}
