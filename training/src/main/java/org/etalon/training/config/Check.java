package org.etalon.training.config;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Range checks of settings; every failure says what the value means, its bound, and the key to set.
 */
final class Check {
  private Check() {}

  static void atLeast(String key, String meaning, long value, long minimum) {
    that(value >= minimum, key, meaning + " must be at least " + minimum + ", got " + value);
  }

  static void atLeast(String key, String meaning, double value, double minimum) {
    boolean holds = value >= minimum && Double.isFinite(value);
    that(holds, key, meaning + " must be at least " + number(minimum) + ", got " + number(value));
  }

  static void above(String key, String meaning, double value, double bound) {
    boolean holds = value > bound && Double.isFinite(value);
    that(holds, key, meaning + " must be greater than " + number(bound) + ", got " + number(value));
  }

  /** {@code low <= value <= high}. */
  static void within(String key, String meaning, double value, double low, double high) {
    boolean holds = value >= low && value <= high;
    that(holds, key, between(meaning, value, low, high));
  }

  /** {@code low < value <= high}. */
  static void aboveWithin(String key, String meaning, double value, double low, double high) {
    boolean holds = value > low && value <= high;
    that(holds, key, between(meaning, value, low, high) + " (" + number(low) + " excluded)");
  }

  /** {@code low <= value < high}. */
  static void withinBelow(String key, String meaning, double value, double low, double high) {
    boolean holds = value >= low && value < high;
    that(holds, key, between(meaning, value, low, high) + " (" + number(high) + " excluded)");
  }

  static void notBlank(String key, String meaning, String value) {
    that(!value.isBlank(), key, meaning + " must not be empty");
  }

  /** A copy of {@code values}; a missing element is an error. */
  static <T> List<T> copy(String key, List<T> values) {
    for (int i = 0; i < values.size(); i++) {
      that(values.get(i) != null, key, "element " + (i + 1) + " of " + key + " is empty");
    }
    return ImmutableList.copyOf(values);
  }

  static void that(boolean holds, String key, String problem) {
    if (!holds) {
      throw new InvalidSettingException(key, problem + "; set " + key);
    }
  }

  private static String between(String meaning, double value, double low, double high) {
    return meaning
        + " must be between "
        + number(low)
        + " and "
        + number(high)
        + ", got "
        + number(value);
  }

  private static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }
}
