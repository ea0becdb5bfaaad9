package org.etalon.data.prepare.step;

import java.util.Arrays;

/**
 * The formulas of a text as hashes.
 *
 * <p>Our choice: a formula is a run of digits, symbols, single letters and LaTeX commands that
 * holds a digit or a single letter and a sign of calculation or comparison, whatever blanks, dollar
 * signs and full stops stand in it.
 */
final class Formulas {
  private static final String SIGNS = "=+-*/^<>\u00d7\u00b7\u00f7\u2212\u2264\u2265";
  private static final long FACTOR = 0x9E3779B97F4A7C15L;

  private Formulas() {}

  static long[] hashes(WordRow words) {
    long[] found = new long[16];
    int size = 0;
    long hash = 0;
    boolean sign = false;
    boolean value = false;
    for (int i = 0; i <= words.size(); i++) {
      String word = i < words.size() ? words.text(i, i + 1) : "";
      boolean command = i > 0 && i < words.size() && words.text(i - 1, i).endsWith("\\");
      if (word.isEmpty() || ends(word, command, i + 1 < words.size() && touches(words, i))) {
        if (sign && value) {
          if (size == found.length) {
            found = Arrays.copyOf(found, size * 2);
          }
          found[size++] = hash;
        }
        hash = 0;
        sign = false;
        value = false;
      } else if (!isPadding(word)) {
        hash = hash * FACTOR + words.hash(i);
        sign |= SIGNS.indexOf(word.codePointAt(0)) >= 0;
        value |= Character.isLetterOrDigit(word.codePointAt(0)) && !command;
      }
    }
    return Arrays.copyOf(found, size);
  }

  /** Whether a word is none of a formula: a word of the language, or a stop at its end. */
  private static boolean ends(String word, boolean command, boolean touches) {
    int first = word.codePointAt(0);
    if (Character.isLetter(first)) {
      return !command && word.codePointCount(0, word.length()) > 1;
    }
    return ".,;:?!".indexOf(first) >= 0 && !touches;
  }

  /** Whether the next word follows without a gap, as in 3.5 and 1,000. */
  private static boolean touches(WordRow words, int at) {
    return words.text(at, at + 2).length()
        == words.text(at, at + 1).length() + words.text(at + 1, at + 2).length();
  }

  private static boolean isPadding(String word) {
    return word.startsWith("$");
  }
}
