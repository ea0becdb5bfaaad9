package org.etalon.data.decontaminate;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Normalised words of a text.
 *
 * <p>Paper: §3.5, punctuation and symbols are dropped, case is folded. Our choice, so that spacing
 * never hides an overlap: what is dropped leaves a gap, digits and letters that touch are words of
 * their own ({@code 2x} is {@code 2 x}), as is every ideograph, since such scripts write no blanks;
 * LaTeX's spacing commands count as blanks; compatibility forms (NFKC) are one.
 */
final class Words {
  private Words() {}

  static List<String> of(String text) {
    String folded =
        Normalizer.normalize(text, Normalizer.Form.NFKC)
            .replaceAll("\\\\(?:q?quad|[hv]space\\*?\\{[^{}]*\\}|[,;:! ])", " ")
            .toLowerCase(Locale.ROOT);
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

  private enum Kind {
    GAP,
    LETTER,
    DIGIT,
    IDEOGRAPH
  }

  private static Kind kind(int code, Kind last) {
    if (Character.isIdeographic(code)) {
      return Kind.IDEOGRAPH;
    }
    if (Character.isDigit(code)) {
      return Kind.DIGIT;
    }
    if (Character.isLetter(code)) {
      return Kind.LETTER;
    }
    int type = Character.getType(code);
    boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    // A combining mark belongs to the letter before it.
    return mark && last == Kind.LETTER ? Kind.LETTER : Kind.GAP;
  }

  private static void flush(StringBuilder word, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }
}
