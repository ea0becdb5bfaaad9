package org.etalon.training.doctor;

import java.util.Locale;

/**
 * One thing looked at.
 *
 * @param level how it is
 * @param subject what was looked at, e.g. {@code XLA}
 * @param text what was found, and the remedy where something is wrong
 */
public record Finding(Level level, String subject, String text) {
  /** How a finding is to be taken. */
  public enum Level {
    /** As it should be. */
    OK("ok"),
    /** Runs, but less well or not with every option. */
    WARN("warning"),
    /** A run would fail. */
    FAIL("failed");

    private final String word;

    Level(String word) {
      this.word = word;
    }
  }

  static Finding ok(String subject, String text) {
    return new Finding(Level.OK, subject, text);
  }

  static Finding warn(String subject, String text) {
    return new Finding(Level.WARN, subject, text);
  }

  static Finding fail(String subject, String text) {
    return new Finding(Level.FAIL, subject, text);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%-8s %-11s %s", level.word, subject, text);
  }
}
