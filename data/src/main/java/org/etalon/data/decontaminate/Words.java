package org.etalon.data.decontaminate;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Normalised words of a text.
 *
 * <p>Paper: §3.5, punctuation and symbols are dropped, case is folded. Our choice, so that spacing
 * and look never hide an overlap: what is dropped leaves a gap, digits and letters that touch are
 * words of their own ({@code 2x} is {@code 2 x}), as is every ideograph, since such scripts write
 * no blanks; LaTeX's commands for spacing, size and typeface count as blanks, {@code \dfrac} and
 * its kin are {@code \frac}; compatibility forms (NFKC) are one.
 *
 * <p>This is the definition; {@link WordHashes} computes the same faster.
 */
final class Words {
  private static final Pattern SPACING =
      Pattern.compile(
          "\\\\(?:q?quad|[hv]space\\*?\\{[^{}]*\\}|[,;:! ]"
              + "|(?:left|right|bigg?[lrm]?|(?:display|text|script)style|(?:no)?limits"
              + "|text(?:rm|bf|it|sf|tt|normal)?|math(?:rm|bf|it|sf|tt|normal)|operatorname)"
              + "(?![a-zA-Z]))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern FRACTION =
      Pattern.compile("\\\\[dtc]frac", Pattern.CASE_INSENSITIVE);

  private Words() {}

  static List<String> of(String text) {
    String plain =
        SPACING.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)).replaceAll(" ");
    String folded = FRACTION.matcher(plain).replaceAll("\\\\frac").toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    Kind last = Kind.GAP;
    int at = 0;
    while (at < folded.length()) {
      int code = folded.codePointAt(at);
      at += Character.charCount(code);
      Kind kind = kind(code, last);
      if (kind == Kind.IDEOGRAPH || kind != last) {
        flush(word, words);
      }
      if (kind != Kind.GAP) {
        word.appendCodePoint(code);
      }
      last = kind;
    }
    flush(word, words);
    return words;
  }

  enum Kind {
    GAP,
    LETTER,
    DIGIT,
    IDEOGRAPH
  }

  static Kind kind(int code, Kind last) {
    if (Character.isIdeographic(code)) {
      return Kind.IDEOGRAPH;
    }
    if (Character.isDigit(code)) {
      return Kind.DIGIT;
    }
    if (Character.isLetter(code)) {
      return Kind.LETTER;
    }
    // A combining mark belongs to the letter before it.
    return isMark(code) && last == Kind.LETTER ? Kind.LETTER : Kind.GAP;
  }

  static boolean isMark(int code) {
    int type = Character.getType(code);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
