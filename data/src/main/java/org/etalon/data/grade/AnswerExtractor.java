package org.etalon.data.grade;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where a response states its answer. Linear in the text. */
final class AnswerExtractor {
  private static final int PHRASE_CHARS = 500;
  private static final int NUMBER_SEARCH_CHARS = 2000;

  private static final Pattern BOX = Pattern.compile("\\\\(?:boxed|fbox)[ \\t\\r\\n]{0,8}$");
  private static final int BOX_CHARS = 16;

  private static final Pattern PHRASE =
      Pattern.compile(
          "answer\\s{0,8}(?:is|are|:|=)\\s{0,8}:?\\**\\s{0,8}", Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER =
      Pattern.compile(
          "-?\\s?\\\\[dt]?frac\\{-?\\d{1,40}\\}\\{\\d{1,40}\\}"
              + "|-?(?:\\d{1,40}(?:,\\d{3})*(?:\\.\\d{1,40})?|\\.\\d{1,40})"
              + "(?:/\\d{1,40})?(?:\\s?\\\\?%)?");

  private AnswerExtractor() {}

  /**
   * The content of the last {@code \boxed{…}} or {@code \fbox{…}} that is closed; a box within a
   * box counts as part of the outer one.
   */
  static Optional<String> boxed(String text) {
    int[] opened = new int[64];
    int depth = 0;
    int start = -1;
    int end = -1;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '\\' -> i = boxFollows(text, i) ? i : i + 1;
        case '{' -> {
          if (depth == opened.length) {
            opened = Arrays.copyOf(opened, depth * 2);
          }
          opened[depth++] = isBox(text, i) ? i + 1 : -1;
        }
        case '}' -> {
          // Closings come in the order of their ends, so the last one is the last or the outer box.
          if (depth > 0 && opened[--depth] >= 0) {
            start = opened[depth];
            end = i;
          }
        }
        default -> {}
      }
    }
    return start < 0 ? Optional.empty() : Optional.of(text.substring(start, end));
  }

  private static boolean boxFollows(String text, int backslash) {
    return text.startsWith("boxed", backslash + 1) || text.startsWith("fbox", backslash + 1);
  }

  private static boolean isBox(String text, int brace) {
    // Nearly every brace is told apart by the character before it, without a search.
    return brace > 0
        && "dx \t\r\n".indexOf(text.charAt(brace - 1)) >= 0
        && BOX.matcher(text.substring(Math.max(0, brace - BOX_CHARS), brace)).find();
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

  /** The content of the last {@code $…$}, {@code \(…\)} or {@code \[…\]}. */
  static Optional<String> lastMath(String text) {
    int end = text.length() - 1;
    while (end >= 0 && !closesMath(text, end)) {
      end--;
    }
    if (end < 0) {
      return Optional.empty();
    }
    if (text.charAt(end) == '$') {
      int close = end;
      while (close > 0 && text.charAt(close - 1) == '$') {
        close--;
      }
      int open = text.lastIndexOf('$', close - 1);
      return open < 0 ? Optional.empty() : Optional.of(text.substring(open + 1, close));
    }
    int open = text.lastIndexOf(text.charAt(end) == ')' ? "\\(" : "\\[", end);
    return open < 0 ? Optional.empty() : Optional.of(text.substring(open + 2, end - 1));
  }

  private static boolean closesMath(String text, int at) {
    boolean escaped = at > 0 && text.charAt(at - 1) == '\\';
    char c = text.charAt(at);
    return escaped ? c == ')' || c == ']' : c == '$';
  }

  /** The last number or plain LaTeX fraction near the end of the text. */
  static Optional<String> lastNumber(String text) {
    Matcher matcher =
        NUMBER.matcher(text.substring(Math.max(0, text.length() - NUMBER_SEARCH_CHARS)));
    String last = null;
    while (matcher.find()) {
      last = matcher.group();
    }
    return Optional.ofNullable(last);
  }
}
