package org.etalon.savedmodels.gguf;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.etalon.data.DataException;

/**
 * A GGUF file's metadata by key, with the types that are expected of it.
 *
 * @param file named in errors
 */
record GgufMetadata(String file, Map<String, GgufValue> values) {
  GgufMetadata {
    values = ImmutableMap.copyOf(values);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  Set<String> keys() {
    return ImmutableSet.copyOf(values.keySet());
  }

  Optional<String> text(String key) {
    return value(key, GgufValue.Text.class, "a text").map(GgufValue.Text::value);
  }

  Optional<Boolean> flag(String key) {
    return value(key, GgufValue.Flag.class, "true or false").map(GgufValue.Flag::value);
  }

  Optional<List<String>> texts(String key) {
    return value(key, GgufValue.Texts.class, "a list of texts").map(GgufValue.Texts::values);
  }

  Optional<List<Integer>> numbers(String key) {
    return value(key, GgufValue.Wholes.class, "a list of 32-bit integers")
        .map(GgufValue.Wholes::values);
  }

  /** A finite number, whole or not. */
  Optional<Double> number(String key) {
    if (values.get(key) instanceof GgufValue.Whole whole) {
      return Optional.of((double) whole.value());
    }
    Optional<Double> number =
        value(key, GgufValue.Real.class, "a number").map(GgufValue.Real::value);
    if (number.isPresent() && !Double.isFinite(number.get())) {
      throw wrong(key, "a finite number", number.get());
    }
    return number;
  }

  /** An integer from {@code least} to the largest 32-bit one. */
  OptionalInt integer(String key, int least) {
    Optional<Long> found =
        value(key, GgufValue.Whole.class, "an integer").map(GgufValue.Whole::value);
    if (found.isEmpty()) {
      return OptionalInt.empty();
    }
    long value = found.get();
    if (value < least || value > Integer.MAX_VALUE) {
      throw wrong(key, "an integer from " + least + " to " + Integer.MAX_VALUE, value);
    }
    return OptionalInt.of((int) value);
  }

  /** A key that must be there. */
  int neededInteger(String key) {
    return integer(key, 1).orElseThrow(() -> missing(key));
  }

  /** A key that must be there. */
  double neededNumber(String key) {
    return number(key).orElseThrow(() -> missing(key));
  }

  DataException missing(String key) {
    return new DataException(
        file + ": metadata key " + key + " is missing; convert the model again");
  }

  DataException wrong(String key, String expected, Object got) {
    return new DataException(file + ": " + key + ": expected " + expected + ", got " + got);
  }

  private <T extends GgufValue> Optional<T> value(String key, Class<T> type, String expected) {
    GgufValue value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw wrong(key, expected, "a value of another type");
    }
    return Optional.of(type.cast(value));
  }
}
