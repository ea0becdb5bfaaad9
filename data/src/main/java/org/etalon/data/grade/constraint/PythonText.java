package org.etalon.data.grade.constraint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * Blanks, words and case as Python tells them, because the rules' published checkers are Python:
 * its {@code \s} takes in no-break blanks, its {@code isupper} wants one letter that has case.
 */
final class PythonText {
  private PythonText() {}

  static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  /**
   * A letter with its marks, a digit or other number, an underscore. Our choice: marks belong to
   * words, as for NLTK since 3.10; Python's own {@code \w} breaks Hindi words at their vowels.
   */
  static boolean isWord(int c) {
    return switch (Character.getType(c)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER,
          Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.LETTER_NUMBER,
          Character.OTHER_NUMBER,
          Character.CONNECTOR_PUNCTUATION ->
          true;
      // Joiners hold Persian and Indic words together.
      default -> c == 0x200c || c == 0x200d;
    };
  }

  static boolean isBlank(String text) {
    return strip(text).isEmpty();
  }

  static String strip(String text) {
    return strip(text, PythonText::isBlank);
  }

  /** Without the characters at both ends that are such. All blanks are single Java chars. */
  static String strip(String text, IntPredicate such) {
    int from = 0;
    int to = text.length();
    while (from < to && such.test(text.charAt(from))) {
      from++;
    }
    while (to > from && such.test(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  static String lower(String text) {
    // The only letter that grows: Java copies the whole text for each one.
    return text.replace("\u0130", "i\u0307").toLowerCase(Locale.ROOT);
  }

  /** The longest runs of word characters. */
  static List<String> words(String text) {
    return runs(text, PythonText::isWord);
  }

  /** The longest runs of what is not blank. */
  static List<String> tokens(String text) {
    return runs(text, c -> !isBlank(c));
  }

  /** The longest runs of such characters. */
  static List<String> runs(String text, IntPredicate such) {
    List<String> runs = new ArrayList<>();
    int begin = -1;
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (such.test(c)) {
        begin = begin < 0 ? at : begin;
      } else if (begin >= 0) {
        runs.add(text.substring(begin, at));
        begin = -1;
      }
      at += Character.charCount(c);
    }
    if (begin >= 0) {
      runs.add(text.substring(begin));
    }
    return runs;
  }

  /** The parts between a separator, blank ones too. */
  static List<String> split(String text, String separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  /** How often a part occurs without overlap. */
  static int occurrences(String text, String part) {
    return split(text, part).size() - 1;
  }

  /** Whether there is a letter with case, and all such are capitals. */
  static boolean isUpper(String text) {
    return hasOneCase(text, Character::isUpperCase);
  }

  /** Whether there is a letter with case, and all such are small. */
  static boolean isLower(String text) {
    return hasOneCase(text, Character::isLowerCase);
  }

  private static boolean hasOneCase(String text, IntPredicate wanted) {
    boolean found = false;
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      if (wanted.test(c)) {
        found = true;
      } else if (Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c)) {
        return false;
      }
      at += Character.charCount(c);
    }
    return found;
  }
}
