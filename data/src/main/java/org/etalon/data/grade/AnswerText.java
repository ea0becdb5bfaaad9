package org.etalon.data.grade;

import com.google.common.collect.ImmutableMap;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites of an answer's text that do not change its meaning. */
final class AnswerText {
  /** Characters for which both readers have plain ones. */
  private static final ImmutableMap<String, String> SIGNS =
      ImmutableMap.<String, String>builder()
          .put("\u2212", "-")
          .put("\u2013", "-")
          .put("\u00d7", "*")
          .put("\u00b7", "*")
          .put("\u22c5", "*")
          .put("\u00f7", "/")
          .put("\u2044", "/")
          .put("\u00b2", "^2")
          .put("\u00b3", "^3")
          .buildOrThrow();

  /** Applied in this order. */
  private static final ImmutableMap<String, String> REWRITES =
      ImmutableMap.<String, String>builder()
          .putAll(SIGNS)
          .put("\u2215", "/")
          .put("\u00a0", " ")
          .put("\u2009", " ")
          .put("\u202f", " ")
          .put("{,}", ",")
          .put("\\,", " ")
          .put("\\;", " ")
          .put("\\:", " ")
          .put("\\ ", " ")
          .put("~", " ")
          .put("**", "^")
          .put("\\%", "%")
          .buildOrThrow();

  private static final Pattern DROPPED =
      Pattern.compile("\\\\(?:left|right|displaystyle|textstyle|limits|[bB]igg?[lr]?)(?![A-Za-z])");
  private static final Pattern SPACES = Pattern.compile("\\\\q?quad(?![A-Za-z])");
  private static final Pattern TIMES = Pattern.compile("\\\\(?:cdot|times|ast)(?![A-Za-z])");
  private static final Pattern DIVIDED = Pattern.compile("\\\\div(?![A-Za-z])");
  private static final Pattern FRACTION = Pattern.compile("\\\\[dtc]frac(?![A-Za-z])");
  private static final Pattern TEXT_MACRO =
      Pattern.compile(
          "\\\\(?:text(?:bf|rm|it|normal|sf|tt)?|math(?:rm|bf|it|sf)|mbox|operatorname)\\s?\\{([^{}]*)\\}");
  private static final Pattern ONE_CHARACTER_GROUP = Pattern.compile("\\{([A-Za-z0-9])\\}");

  private static final Pattern REPEATING =
      Pattern.compile("(\\d{1,30})\\.(\\d{0,30})\\\\overline\\s?\\{(\\d{1,30})\\}");

  /** A sign of equality with nothing before it. */
  private static final Pattern NEARLY =
      Pattern.compile("^(?:=|\\\\(?:approx|simeq|sim)(?![A-Za-z])|\u2248)\\s{0,8}");

  private static final Pattern ARTICLE = Pattern.compile("^(?:an?|the) ");

  private static final Pattern NO_SPACE = Pattern.compile("\\\\!\\s{0,8}");

  /** "or" and "and" that have lost their blanks: {@code (1,2)or(2,1)}. */
  private static final Pattern GLUED =
      Pattern.compile("(?<=[0-9)}\\]$])(or|and)(?=[A-Za-z(0-9$\\\\-])");

  private static final Pattern GROUPED_COMMA = Pattern.compile("\\s?\\{\\s?,\\s?\\}\\s?");
  private static final Pattern TWICE_ESCAPED = Pattern.compile("\\\\\\\\(?=[A-Za-z])");

  // A repeated group would recurse once a word and overflow the stack on a long text.
  private static final Pattern WORDS = Pattern.compile("[A-Za-z]{2}[A-Za-z\\s]*+");

  private AnswerText() {}

  /** Without delimiters, spacing commands, sizing commands and spelling variants of operators. */
  static String clean(String answer) {
    String text = withoutRepetition(NO_SPACE.matcher(answer.strip()).replaceAll(""));
    text = rewritten(text, REWRITES);
    text = DROPPED.matcher(text).replaceAll("");
    text = SPACES.matcher(text).replaceAll(" ");
    text = TIMES.matcher(text).replaceAll("*");
    text = DIVIDED.matcher(text).replaceAll("/");
    text = FRACTION.matcher(text).replaceAll(Matcher.quoteReplacement("\\frac"));
    return NEARLY.matcher(undelimited(text)).replaceFirst("");
  }

  private static String rewritten(String original, ImmutableMap<String, String> rewrites) {
    String text = original;
    for (Map.Entry<String, String> rewrite : rewrites.entrySet()) {
      text = text.replace(rewrite.getKey(), rewrite.getValue());
    }
    return text;
  }

  /** Strips {@code $…$}, {@code \(…\)}, {@code \[…\]} around the whole, and a final full stop. */
  private static String undelimited(String answer) {
    String text = answer.strip();
    while (true) {
      String before = text;
      if (text.endsWith(".") || text.endsWith(",")) {
        text = text.substring(0, text.length() - 1).strip();
      }
      for (String[] pair :
          new String[][] {{"$$", "$$"}, {"$", "$"}, {"\\(", "\\)"}, {"\\[", "\\]"}}) {
        if (text.length() >= pair[0].length() + pair[1].length()
            && text.startsWith(pair[0])
            && text.endsWith(pair[1])
            && !text.endsWith("\\$")) {
          text = text.substring(pair[0].length(), text.length() - pair[1].length()).strip();
        }
      }
      if (text.equals(before)) {
        return text;
      }
    }
  }

  /** {@code 0.1\overline{6}} as a fraction. */
  private static String withoutRepetition(String text) {
    return text.contains("overline")
        ? REPEATING
            .matcher(text)
            .replaceAll(
                number -> {
                  String nines = "9".repeat(number.group(3).length());
                  String zeros = "0".repeat(number.group(2).length());
                  BigInteger start = new BigInteger(number.group(1) + number.group(2));
                  BigInteger whole =
                      new BigInteger(number.group(1) + number.group(2) + number.group(3));
                  return "((" + whole.subtract(start) + ")/" + nines + zeros + ")";
                })
        : text;
  }

  /** An answer's text for the formula reader: no full stop, no leading sign of equality. */
  static String formula(String answer) {
    String text = GROUPED_COMMA.matcher(NO_SPACE.matcher(answer).replaceAll("")).replaceAll(",");
    text = withoutRepetition(text);
    text = GLUED.matcher(text).replaceAll(" $1 ");
    if (!text.contains("\\begin")) {
      text = TWICE_ESCAPED.matcher(text).replaceAll("\\\\");
    }
    text = rewritten(text, SIGNS).replace("**", "^");
    return text.strip().replaceAll("[.,;:]+$", "").replaceFirst("^=\\s?", "").strip();
  }

  /** A cleaned text with the content of its text macros in their place. */
  static String withoutTextMacros(String clean) {
    return TEXT_MACRO.matcher(clean).replaceAll(" $1 ").strip();
  }

  /** A cleaned text in the form two equal non-numeric answers share. */
  static String normalised(String clean) {
    String text = withoutTextMacros(clean);
    if (WORDS.matcher(text).matches()) {
      String words = text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
      return ARTICLE.matcher(words).replaceFirst("");
    }
    text = ONE_CHARACTER_GROUP.matcher(text).replaceAll("$1");
    return text.replaceAll("\\s+", "").replace("$", "");
  }
}
