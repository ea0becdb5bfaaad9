package org.etalon.data.prepare.step;

import org.etalon.data.DataException;

/** Checks of options, in the words of {@code expected, got, remedy}. */
final class Check {
  private Check() {}

  static void atLeast(String option, long least, long value) {
    if (value < least) {
      throw new DataException(option + " must be at least " + least + ", got " + value);
    }
  }

  static void share(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new DataException(option + " must be from 0 to 1, got " + value);
    }
  }
}
