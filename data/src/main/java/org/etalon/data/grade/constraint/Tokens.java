package org.etalon.data.grade.constraint;

import java.util.List;
import java.util.function.Predicate;

/**
 * Splits a text into words as a reader sees them: {@code don't}, {@code well-known}, {@code U.S.}
 * and {@code 3.14} are one each, punctuation is none.
 *
 * <p>IFEval counts words in capitals by NLTK's tokens. The two differ in contractions: {@code
 * DON'T} is one word here and {@code DO}, {@code N'T} there.
 */
final class Tokens {
  /** What joins two letters or digits into one word. */
  private static final String JOINTS = "'\u2019-./";

  private Tokens() {}

  static List<String> of(String text) {
    return PythonText.tokens(apart(text)).stream()
        .map(token -> PythonText.strip(token, c -> JOINTS.indexOf(c) >= 0))
        .filter(Predicate.not(String::isEmpty))
        .toList();
  }

  /** The text with a blank for everything that parts words. */
  private static String apart(String text) {
    StringBuilder apart = new StringBuilder(text.length());
    int before = ' ';
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      boolean joint = JOINTS.indexOf(c) >= 0;
      if (joint && before == c) {
        apart.setCharAt(apart.length() - 1, ' ');
        joint = false;
      }
      apart.appendCodePoint(joint || isPart(text, before, c, at) ? c : ' ');
      before = c;
    }
    return apart.toString();
  }

  /** Letters with their marks, digits, and a comma or colon between digits. */
  private static boolean isPart(String text, int before, int c, int next) {
    if (c == ',' || c == ':') {
      return Character.isDigit(before)
          && next < text.length()
          && Character.isDigit(text.codePointAt(next));
    }
    int type = Character.getType(c);
    return PythonText.isWord(c)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }
}
