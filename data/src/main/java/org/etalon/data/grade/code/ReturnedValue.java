package org.etalon.data.grade.code;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what a function returned with the expected JSON value as Python's {@code ==} does, which
 * is LiveCodeBench's rule: 1, 1.0 and true are equal, numbers are compared exactly, a tuple counts
 * as a list only if it is the whole result.
 *
 * <p>{@code program.py} writes dictionaries as <code>{"{": …}</code>, rationals and large integers
 * as <code>{"/": [numerator, denominator]}</code> in hexadecimal, and what no JSON value equals as
 * <code>{"?": type}</code>.
 */
final class ReturnedValue {
  private ReturnedValue() {}

  /** What is wrong with a result; empty if nothing is. */
  static Optional<String> difference(String expected, String returned) {
    JsonNode got;
    try {
      got = JsonText.value(returned);
    } catch (JsonProcessingException e) {
      return Optional.of("returned what cannot be read as JSON: " + JsonText.shown(returned));
    }
    try {
      if (equal(JsonText.value(expected), got)) {
        return Optional.empty();
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("checked when the tests were read", e);
    } catch (NumberFormatException e) {
      return Optional.of("returned what cannot be read as a number: " + JsonText.shown(returned));
    }
    return Optional.of(
        "expected " + JsonText.shown(expected) + ", returned " + JsonText.shown(returned));
  }

  private static boolean equal(JsonNode want, JsonNode got) {
    if (want.isNumber() || want.isBoolean()) {
      return sameNumber(want, got);
    }
    if (want.isTextual()) {
      return got.isTextual() && want.textValue().equals(got.textValue());
    }
    if (want.isNull()) {
      return got.isNull();
    }
    return want.isArray() ? sameLists(want, got) : sameObjects(want, got.path("{"));
  }

  private static boolean sameLists(JsonNode want, JsonNode got) {
    if (!got.isArray() || want.size() != got.size()) {
      return false;
    }
    for (int i = 0; i < want.size(); i++) {
      if (!equal(want.get(i), got.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameObjects(JsonNode want, JsonNode got) {
    if (!got.isObject() || want.size() != got.size()) {
      return false;
    }
    for (Iterator<Map.Entry<String, JsonNode>> fields = want.fields(); fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      if (!got.has(field.getKey()) || !equal(field.getValue(), got.get(field.getKey()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameNumber(JsonNode want, JsonNode got) {
    JsonNode ratio = got.path("/");
    if (ratio.size() == 2) {
      Optional<BigDecimal> exact = exact(want);
      BigDecimal numerator = new BigDecimal(hexadecimal(ratio.get(0)));
      BigDecimal denominator = new BigDecimal(hexadecimal(ratio.get(1)));
      return exact.isPresent() && exact.get().multiply(denominator).compareTo(numerator) == 0;
    }
    if (!got.isNumber() && !got.isBoolean()) {
      return false;
    }
    Optional<BigDecimal> wanted = exact(want);
    Optional<BigDecimal> found = exact(got);
    if (wanted.isPresent() && found.isPresent()) {
      return wanted.get().compareTo(found.get()) == 0;
    }
    // Infinity equals itself, NaN nothing.
    return wanted.isEmpty() && found.isEmpty() && want.doubleValue() == got.doubleValue();
  }

  /** The exact value of a number or truth value; empty if it is not finite. */
  private static Optional<BigDecimal> exact(JsonNode node) {
    if (node.isBoolean()) {
      return Optional.of(node.booleanValue() ? BigDecimal.ONE : BigDecimal.ZERO);
    }
    if (node.isIntegralNumber()) {
      return Optional.of(new BigDecimal(node.bigIntegerValue()));
    }
    double value = node.doubleValue();
    return Double.isFinite(value) ? Optional.of(new BigDecimal(value)) : Optional.empty();
  }

  private static BigInteger hexadecimal(JsonNode node) {
    String text = node.asText();
    boolean negative = text.startsWith("-");
    BigInteger magnitude = new BigInteger(text.replaceFirst("^-?0x", ""), 16);
    return negative ? magnitude.negate() : magnitude;
  }
}
