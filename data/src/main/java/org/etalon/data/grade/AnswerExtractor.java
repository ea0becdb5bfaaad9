package org.etalon.data.grade;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where a response states its answer. Linear in the text. */
final class AnswerExtractor {
  private static final int PHRASE_CHARS = 500;
  private static final int NUMBER_SEARCH_CHARS = 2000;

  private static final Pattern BOX = Pattern.compile("\\\\(?:boxed|fbox)[ \\t\\r\\n]{0,8}$");
  private static final int BOX_CHARS = 16;

  /** Our choice: an answer in more boxes than that is none. */
  private static final int MOST_BOXES = 64;

  private static final int MOST_BETWEEN = 80;
  private static final Pattern BETWEEN =
      Pattern.compile(
          "(?:[\\s,;.$&]|\\\\[()\\[\\],; ]|\\\\q?quad|\\\\text\\{[^{}]{0,40}\\}|and|or)*+",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PERCENT =
      Pattern.compile("(?:[\\s$]|\\\\[)\\]])*+(?:\\\\?%|percent\\b|pct\\b)");

  private static final Pattern PHRASE =
      Pattern.compile(
          "answer\\s{0,8}(?:is|are|:|=)\\s{0,8}:?\\**\\s{0,8}", Pattern.CASE_INSENSITIVE);
  private static final Pattern FINAL =
      Pattern.compile(
          "final answer is(?!:?\\s{0,8}[$\\\\(\\[]{0,4}\\s{0,8}\\\\boxed)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER =
      Pattern.compile(
          "-?\\s?\\\\[dt]?frac\\{-?\\d{1,40}\\}\\{\\d{1,40}\\}"
              + "|-?(?:\\d{1,40}(?:,\\d{3})*(?:\\.\\d{1,40})?|\\.\\d{1,40})"
              + "(?:/\\d{1,40})?(?:\\s?\\\\?%)?");

  private AnswerExtractor() {}

  /** A box: its content, and where it begins and ends in the text. */
  private record Box(int begin, int from, int to) {}

  /**
   * The content of the last {@code \boxed{…}} or {@code \fbox{…}} that is closed; a box within a
   * box counts as part of the outer one. Boxes with nothing but commas, "and" or "or" between them
   * are one answer, and a percent sign or word right after the box belongs to it.
   */
  static Optional<String> boxed(String text) {
    List<Box> boxes = boxes(text);
    if (boxes.isEmpty()) {
      return Optional.empty();
    }
    Deque<String> contents = new ArrayDeque<>();
    Box next = boxes.get(boxes.size() - 1);
    contents.add(content(text, next) + percentAfter(text, next.to + 1));
    for (int i = boxes.size() - 2; i >= 0; i--) {
      Box box = boxes.get(i);
      int gap = next.begin - box.to - 1;
      if (gap > MOST_BETWEEN
          || !BETWEEN.matcher(text.substring(box.to + 1, next.begin)).matches()) {
        break;
      }
      if (!contents.contains(content(text, box))) {
        contents.addFirst(content(text, box));
      }
      next = box;
    }
    return Optional.of(String.join(", ", contents));
  }

  private static String content(String text, Box box) {
    return text.substring(box.from, box.to);
  }

  /** {@code %} if the text goes on with percent, behind delimiters. */
  static String percentAfter(String text, int at) {
    Matcher percent = PERCENT.matcher(text).region(at, Math.min(text.length(), at + 32));
    return percent.lookingAt() ? "%" : "";
  }

  /** The outermost closed boxes, in order. */
  private static List<Box> boxes(String text) {
    int[] opened = new int[64];
    int depth = 0;
    List<Box> boxes = new ArrayList<>();
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
          if (depth > 0 && opened[--depth] >= 0) {
            int from = opened[depth];
            boxes.removeIf(inner -> inner.from >= from);
            boxes.add(new Box(text.lastIndexOf('\\', from - 1), from, i));
          }
        }
        default -> {}
      }
      if (boxes.size() > MOST_BOXES) {
        boxes.remove(0);
      }
    }
    return boxes;
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

  /** What follows "final answer is" after the last box, if anything does. */
  static Optional<String> finalPhrase(String text) {
    List<Box> boxes = boxes(text);
    int from = boxes.isEmpty() ? 0 : boxes.get(boxes.size() - 1).to;
    String rest = text.substring(from);
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
      return open < 0
          ? Optional.empty()
          : Optional.of(text.substring(open + 1, close) + percentAfter(text, end + 1));
    }
    int open = text.lastIndexOf(text.charAt(end) == ')' ? "\\(" : "\\[", end);
    return open < 0
        ? Optional.empty()
        : Optional.of(text.substring(open + 2, end - 1) + percentAfter(text, end + 1));
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
