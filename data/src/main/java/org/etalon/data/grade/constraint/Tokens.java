package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * Splits a text into words as a reader sees them: {@code don't}, {@code well-known}, {@code U.S.}
 * and {@code 3.14} are one each, punctuation is none.
 *
 * <p>IFEval counts words in capitals by NLTK's tokens, which are two for {@code DON'T}: {@code DO}
 * and {@code N'T}.
 */
final class Tokens {
  /** What joins two letters or digits into one word. */
  private static final String JOINTS = "'\u2019-./";

  private static final ImmutableSet<String> CLITICS =
      ImmutableSet.of("s", "m", "d", "t", "ll", "re", "ve");

  private Tokens() {}

  static List<String> of(String text) {
    return PythonText.tokens(apart(text)).stream()
        .map(token -> PythonText.strip(token, c -> JOINTS.indexOf(c) >= 0))
        .filter(Predicate.not(String::isEmpty))
        .toList();
  }

  /** How many words are in capitals; what an apostrophe shortened does not count. */
  static int capitals(String text) {
    return (int) of(text).stream().map(Tokens::unshortened).filter(PythonText::isUpper).count();
  }

  private static String unshortened(String word) {
    int apostrophe = Math.max(word.lastIndexOf('\''), word.lastIndexOf('\u2019'));
    boolean shortened =
        apostrophe > 0 && CLITICS.contains(PythonText.lower(word.substring(apostrophe + 1)));
    return shortened ? word.substring(0, apostrophe) : word;
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
    return PythonText.isWord(c);
  }
}
