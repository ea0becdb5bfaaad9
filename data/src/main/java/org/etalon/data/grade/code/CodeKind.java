package org.etalon.data.grade.code;

import com.google.common.base.Ascii;

/** How a program takes its input and gives its answer. */
public enum CodeKind {
  /** Reads standard input, writes standard output. */
  STDIN,
  /**
   * Has a function, or a method of {@code class Solution}: each line of the input is an argument in
   * JSON, and the answer is what it returns.
   */
  FUNCTIONAL;

  /** The name that files use: {@code stdin} or {@code functional}. */
  public String label() {
    return Ascii.toLowerCase(name());
  }
}
