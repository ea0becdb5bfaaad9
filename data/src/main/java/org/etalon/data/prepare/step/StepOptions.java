package org.etalon.data.prepare.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.data.NearestName;

/** The options of a step as a recipe gives them, read strictly. */
final class StepOptions {
  private final String step;
  private final ObjectNode node;

  /**
   * @throws DataException naming the first option that is not among {@code known}, and its
   *     neighbour
   */
  StepOptions(String step, ObjectNode node, List<String> known) {
    this.step = step;
    this.node = node;
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw unknown(name, known);
              }
            });
  }

  int whole(String name, int fallback) {
    JsonNode value = node.get(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw wrong(name, "a whole number", value);
    }
    return value.intValue();
  }

  double number(String name, double fallback) {
    JsonNode value = node.get(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isNumber()) {
      throw wrong(name, "a number", value);
    }
    return value.doubleValue();
  }

  boolean flag(String name, boolean fallback) {
    JsonNode value = node.get(name);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw wrong(name, "true or false", value);
    }
    return value.booleanValue();
  }

  Optional<String> text(String name) {
    JsonNode value = node.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw wrong(name, "a text", value);
    }
    return Optional.of(value.textValue());
  }

  /** A text that the step cannot do without. */
  String requiredText(String name) {
    return text(name)
        .orElseThrow(() -> new DataException(place(name) + "expected a text, got nothing; set it"));
  }

  /** One text or more that the step cannot do without. */
  ImmutableList<String> requiredTexts(String name) {
    ImmutableList<String> texts = texts(name, ImmutableList.of());
    if (texts.isEmpty() || texts.contains("")) {
      throw new DataException(place(name) + "expected a text or a list of them; set it");
    }
    return texts;
  }

  /** A list of texts, or one text alone. */
  ImmutableList<String> texts(String name, List<String> fallback) {
    JsonNode value = node.get(name);
    if (value == null) {
      return ImmutableList.copyOf(fallback);
    }
    if (value.isTextual()) {
      return ImmutableList.of(value.textValue());
    }
    if (!value.isArray()) {
      throw wrong(name, "a list of texts", value);
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value) {
      if (!item.isTextual()) {
        throw wrong(name + "[" + texts.size() + "]", "a text", item);
      }
      texts.add(item.textValue());
    }
    return ImmutableList.copyOf(texts);
  }

  /** A list of numbers. */
  ImmutableList<Double> numbers(String name, List<Double> fallback) {
    JsonNode value = node.get(name);
    if (value == null) {
      return ImmutableList.copyOf(fallback);
    }
    if (!value.isArray()) {
      throw wrong(name, "a list of numbers", value);
    }
    List<Double> numbers = new ArrayList<>();
    for (JsonNode item : value) {
      if (!item.isNumber()) {
        throw wrong(name + "[" + numbers.size() + "]", "a number", item);
      }
      numbers.add(item.doubleValue());
    }
    return ImmutableList.copyOf(numbers);
  }

  /** One of the constants of an enumeration, in lower case. */
  <E extends Enum<E>> E choice(String name, E fallback) {
    JsonNode value = node.get(name);
    if (value == null) {
      return fallback;
    }
    E[] all = fallback.getDeclaringClass().getEnumConstants();
    return Arrays.stream(all)
        .filter(one -> value.isTextual() && label(one).equals(value.textValue()))
        .findFirst()
        .orElseThrow(
            () -> wrong(name, "one of " + Arrays.stream(all).map(this::label).toList(), value));
  }

  /** A complaint about an option. */
  DataException wrong(String name, String expected, JsonNode got) {
    return new DataException(
        place(name)
            + "expected "
            + expected
            + ", got "
            + Ascii.truncate(got.toString(), 60, "…")
            + "; correct it or leave it out");
  }

  private String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private String place(String option) {
    return "step " + step + ": option \"" + option + "\": ";
  }

  private DataException unknown(String name, List<String> known) {
    String shown = Ascii.truncate(name, 60, "…");
    String hint =
        NearestName.of(shown, known)
            .map(near -> "did you mean \"" + near + "\"?")
            .orElse("remove it");
    return new DataException(
        "step " + step + ": unknown option \"" + shown + "\"; known are " + known + "; " + hint);
  }
}
