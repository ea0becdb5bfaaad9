package org.etalon.data.grade;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where a response states its answer. Linear in the text. */
final class AnswerExtractor {
  private static final int PHRASE_CHARS = 500;
  private static final int NUMBER_SEARCH_CHARS = 2000;

  private static final Pattern PHRASE =
      Pattern.compile(
          "answer\\s{0,8}(?:is|are|:|=)\\s{0,8}:?\\**\\s{0,8}", Pattern.CASE_INSENSITIVE);
  private static final Pattern FINAL =
      Pattern.compile(
          "final answer is(?!:?\\s{0,8}[$\\\\(\\[]{0,4}\\s{0,8}\\\\boxed)",
          Pattern.CASE_INSENSITIVE);

  /** A number that begins a word, is given to something, or stands behind a sign of currency. */
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?<![\\w.,^\\\\{}])"
              + "(-?\\s?\\\\[dt]?frac\\{-?\\d{1,40}\\}\\{\\d{1,40}\\}"
              + "|\\d{1,3}:\\d{1,3}(?![\\d:])"
              + "|-?(?:\\d{1,3}(?:,\\d{3}){1,13}(?![\\d,]\\d)|\\d{1,40}(?:,\\d{1,40})?)(?:\\.\\d{1,40})?"
              + "(?:\\s?/\\s?\\d{1,40})?(?:\\s?(?:\\\\?%|percent(?:age)?\\b|pct\\b))?"
              + "|-?\\.\\d{1,40})");

  private AnswerExtractor() {}

  /** Something that was found, and where it ends. */
  private record Found(String text, int end) {}

  /** The content of the last box, see {@link Boxes#last}. */
  static Optional<String> boxed(String text) {
    return Boxes.last(text);
  }

  /** What follows "final answer is" after the last box, if anything does. */
  static Optional<String> finalPhrase(String text) {
    String rest = text.substring(Boxes.endOfLast(text));
    return FINAL.matcher(rest).find() ? phrase(rest) : Optional.empty();
  }

  /** What follows the last "answer is", "answer:" or "answer =", up to the end of its sentence. */
  static Optional<String> phrase(String text) {
    Matcher matcher = PHRASE.matcher(text);
    int from = -1;
    while (matcher.find()) {
      from = matcher.end();
    }
    if (from < 0) {
      return Optional.empty();
    }
    String tail = text.substring(from, Math.min(text.length(), from + PHRASE_CHARS)).strip();
    for (String[] pair :
        new String[][] {{"$$", "$$"}, {"$", "$"}, {"\\(", "\\)"}, {"\\[", "\\]"}}) {
      int close = tail.startsWith(pair[0]) ? tail.indexOf(pair[1], pair[0].length()) : -1;
      if (close > 0) {
        return Optional.of(tail.substring(pair[0].length(), close).strip());
      }
    }
    String sentence = tail.split("\\R|\\.(?:\\s|$)|\\*\\*", 2)[0].strip();
    return sentence.isEmpty() ? Optional.empty() : Optional.of(sentence);
  }

  /** The last formula between delimiters or the last number, whichever ends later. */
  static Optional<String> lastStated(String text) {
    Optional<Found> math = math(text);
    Optional<Found> number = number(text);
    boolean later = math.isEmpty() || (number.isPresent() && number.get().end > math.get().end);
    return (later ? number : math).map(Found::text);
  }

  /** The content of the last {@code $…$}, {@code \(…\)} or {@code \[…\]}. */
  static Optional<String> lastMath(String text) {
    return math(text).map(Found::text);
  }

  private static Optional<Found> math(String text) {
    int end = text.length() - 1;
    while (end >= 0 && !closesMath(text, end)) {
      end--;
    }
    if (end < 0) {
      return Optional.empty();
    }
    int open;
    int from;
    int to = end - 1;
    if (text.charAt(end) == '$') {
      to = end;
      while (to > 0 && text.charAt(to - 1) == '$') {
        to--;
      }
      open = text.lastIndexOf('$', to - 1);
      from = open + 1;
    } else {
      open = text.lastIndexOf(text.charAt(end) == ')' ? "\\(" : "\\[", end);
      from = open + 2;
    }
    return open < 0 || from > to
        ? Optional.empty()
        : Optional.of(
            new Found(text.substring(from, to) + Boxes.percentAfter(text, end + 1), end + 1));
  }

  private static boolean closesMath(String text, int at) {
    boolean escaped = at > 0 && text.charAt(at - 1) == '\\';
    char c = text.charAt(at);
    return escaped ? c == ')' || c == ']' : c == '$';
  }

  /** The last number or plain LaTeX fraction near the end of the text. */
  static Optional<String> lastNumber(String text) {
    return number(text).map(Found::text);
  }

  private static Optional<Found> number(String text) {
    int from = Math.max(0, text.length() - NUMBER_SEARCH_CHARS);
    Matcher matcher = NUMBER.matcher(text.substring(from));
    Found last = null;
    while (matcher.find()) {
      last = new Found(matcher.group(1), from + matcher.end());
    }
    return Optional.ofNullable(last);
  }
}
