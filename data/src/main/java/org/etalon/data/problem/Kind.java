package org.etalon.data.problem;

import com.google.common.base.Ascii;
import java.util.Arrays;
import java.util.Optional;

/** What sort of answer a problem has, and so which grader decides. */
public enum Kind {
  /** A number, a formula or a word. */
  MATH,
  /** The letter of an option. */
  OPTION,
  /** A program; the gold answer is its tests. */
  CODE,
  /** A text that keeps rules; the gold answer is those rules. */
  CONSTRAINT;

  /** The name that files use, e.g. {@code math}. */
  public String label() {
    return Ascii.toLowerCase(name());
  }

  /** The kind of that label; empty if there is none. */
  public static Optional<Kind> of(String label) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst();
  }
}
