package org.etalon.data.grade;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a unit off a cleaned answer.
 *
 * <p>Our choice: what a text macro holds after a number is a unit, and so is a plain word of three
 * letters or more after a blank; shorter ones must be known, since {@code 2x} and {@code 3ab} are
 * products. Words that change the number ({@code million}) or the statement ({@code or}, {@code
 * not}) are no units. The unit itself is not compared.
 */
final class Units {
  private static final ImmutableSet<String> SHORT =
      ImmutableSet.of(
          "mm", "cm", "dm", "km", "mg", "kg", "ml", "cl", "ft", "in", "yd", "mi", "oz", "lb", "hr",
          "ms", "sq", "cu", "kw", "hz");

  private static final ImmutableSet<String> NO_UNITS =
      ImmutableSet.of(
          "or",
          "and",
          "not",
          "no",
          "if",
          "to",
          "than",
          "less",
          "more",
          "least",
          "most",
          "greater",
          "fewer",
          "at",
          "from",
          "when",
          "where",
          "mod",
          "hundred",
          "thousand",
          "million",
          "billion",
          "trillion",
          "dozen",
          "half",
          "sin",
          "cos",
          "tan",
          "cot",
          "sec",
          "csc",
          "log",
          "exp",
          "sqrt",
          "root",
          "pi",
          "infinity",
          "inf",
          "alpha",
          "beta",
          "gamma",
          "delta",
          "theta",
          "lambda",
          "base",
          "squared",
          "cubed",
          "percent",
          "percentage",
          "pct",
          "factorial",
          "plus",
          "minus",
          "times",
          "over",
          "but",
          "either",
          "except",
          "undefined",
          "approximately");

  /** Letters that name a unit more often than a variable or constant; inside a macro only. */
  private static final ImmutableSet<String> LETTERS =
      ImmutableSet.of("m", "g", "s", "h", "l", "j", "w", "v", "c", "f");

  private static final String POWER = "(?:\\s?\\^\\s?\\{?\\s?\\d\\s?\\}?)?";
  private static final Pattern DEGREES =
      Pattern.compile("\\s?(?:\\^\\s?\\{?\\s?\\\\circ\\s?\\}?|\u00b0|\\\\degree)$");
  private static final Pattern MACRO =
      Pattern.compile(
          "\\s?/?\\s?\\\\(?:text(?:bf|rm|it|normal|sf)?|math(?:rm|bf|it|sf)|mbox)\\s?\\{([^{}\\\\]{0,60})\\}"
              + POWER
              + "$");
  private static final Pattern PLAIN =
      Pattern.compile("(\\s?)\\b([A-Za-z]{2,20}(?:[ /][A-Za-z]{1,20}){0,3})" + POWER + "$");
  private static final Pattern ATTACHED = Pattern.compile("(?<=[0-9])([A-Za-z]{2})" + POWER + "$");
  private static final Splitter WORDS =
      Splitter.on(CharMatcher.inRange('a', 'z').or(CharMatcher.inRange('A', 'Z')).negate())
          .omitEmptyStrings();
  private static final Pattern PERCENT =
      Pattern.compile(
          "\\s?(?:%|\\\\text\\{\\s?(?:percent(?:age)?|pct)\\}|\\b(?:percent(?:age)?|pct))$");

  private Units() {}

  /** The answer without its unit; percent stays, as {@code %}. */
  static String strip(String clean) {
    String text = clean.replaceFirst("^(?:\\\\?\\$|\u20ac|\u00a3)\\s?(?=[-0-9.(\\\\])", "");
    for (int i = 0; i < 3; i++) {
      Matcher percent = PERCENT.matcher(text);
      if (percent.find()) {
        return text.substring(0, percent.start()) + "%";
      }
      String shorter = withoutLast(text).strip();
      // An answer that is all unit is a word, not a number.
      if (shorter.isEmpty() || shorter.equals(text)) {
        return text;
      }
      text = shorter;
    }
    return text;
  }

  private static String withoutLast(String text) {
    Matcher degrees = DEGREES.matcher(text);
    if (degrees.find()) {
      return text.substring(0, degrees.start());
    }
    Matcher macro = MACRO.matcher(text);
    if (macro.find() && isUnit(macro.group(1))) {
      return text.substring(0, macro.start());
    }
    Matcher attached = ATTACHED.matcher(text);
    if (attached.find() && SHORT.contains(attached.group(1).toLowerCase(Locale.ROOT))) {
      return text.substring(0, attached.start());
    }
    Matcher plain = PLAIN.matcher(text);
    if (plain.find() && isPlainUnit(plain.group(1), plain.group(2))) {
      return text.substring(0, plain.start());
    }
    return text;
  }

  private static boolean isPlainUnit(String blank, String words) {
    String first = WORDS.split(words).iterator().next().toLowerCase(Locale.ROOT);
    boolean known = SHORT.contains(first);
    return isUnit(words) && (known || (!blank.isEmpty() && first.length() >= 3));
  }

  private static boolean isUnit(String words) {
    for (String word : WORDS.split(words)) {
      String folded = word.toLowerCase(Locale.ROOT);
      if (NO_UNITS.contains(folded) || (folded.length() == 1 && !LETTERS.contains(folded))) {
        return false;
      }
    }
    return true;
  }
}
