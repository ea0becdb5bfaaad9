package org.etalon.data.grade.code;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;

/**
 * Compares standard outputs by LiveCodeBench's rules: both are stripped, must have as many lines,
 * and each pair of stripped lines must be equal, letter case included, or consist of decimal
 * numbers that are equal one by one, exactly.
 */
final class OutputComparison {
  /** What Python's {@code str.strip} and {@code str.split} take for white space. */
  private static final CharMatcher SPACE =
      CharMatcher.inRange('\t', '\r')
          .or(CharMatcher.inRange('\u001c', ' '))
          .or(CharMatcher.inRange('\u2000', '\u200a'))
          .or(CharMatcher.anyOf("\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"))
          .precomputed();

  private static final Splitter LINES = Splitter.on('\n');
  private static final Splitter TOKENS = Splitter.on(SPACE).omitEmptyStrings();

  private OutputComparison() {}

  /** What is wrong with an output; empty if nothing is. */
  static Optional<String> difference(String expected, String output) {
    List<String> wanted = LINES.splitToList(SPACE.trimFrom(expected));
    List<String> lines = LINES.splitToList(SPACE.trimFrom(output));
    if (wanted.size() != lines.size()) {
      return Optional.of("expected " + wanted.size() + " lines, got " + lines.size());
    }
    for (int i = 0; i < lines.size(); i++) {
      String want = SPACE.trimFrom(wanted.get(i));
      String line = SPACE.trimFrom(lines.get(i));
      if (!want.equals(line) && !sameNumbers(want, line)) {
        return Optional.of(
            "line "
                + (i + 1)
                + ": expected \""
                + JsonText.shown(want)
                + "\", got \""
                + JsonText.shown(line)
                + "\"");
      }
    }
    return Optional.empty();
  }

  private static boolean sameNumbers(String want, String line) {
    List<String> wanted = TOKENS.splitToList(want);
    List<String> tokens = TOKENS.splitToList(line);
    if (wanted.size() != tokens.size()) {
      return false;
    }
    for (int i = 0; i < tokens.size(); i++) {
      Optional<DecimalText> number = DecimalText.of(wanted.get(i));
      if (number.isEmpty() || !number.equals(DecimalText.of(tokens.get(i)))) {
        return false;
      }
    }
    return true;
  }
}
