package org.etalon.data.grade;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the boxes in which a response puts its answer. Linear in the text. */
final class Boxes {
  private static final Pattern BOX = Pattern.compile("\\\\(?:boxed|fbox)[ \\t\\r\\n]{0,8}$");
  private static final int BOX_CHARS = 16;

  /** Our choice: an answer in more boxes than that is none. */
  private static final int MOST_BOXES = 64;

  /** Our choice: boxes with more than that between them are answers to different questions. */
  private static final int MOST_BETWEEN = 80;

  /** Signs and blanks, names that are given a value, and what joins two answers in one sentence. */
  private static final Pattern BETWEEN =
      Pattern.compile(
          "(?:[\\s,;.$&+]|\\\\[()\\[\\],; ]|\\\\q?quad|\\\\text\\{[^{}]{0,40}\\}|and|or|[A-Za-z](?:_\\w)?\\s?=)*+\\\\?"
              + "|[^.!?\\n\\\\]{0,70}\\b(?:and|or)[\\s$]{1,3}",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern PERCENT =
      Pattern.compile("(?:[\\s$]|\\\\[)\\]])*+(?:\\\\?%|percent(?:age)?\\b|pct\\b)");

  private Boxes() {}

  /** A box: its content, and where it begins and ends in the text. */
  private record Box(int begin, int from, int to) {}

  /**
   * The content of the last {@code \boxed{…}} or {@code \fbox{…}} that is closed; a box within a
   * box counts as part of the outer one. Boxes with nothing but commas, "and" or "or" between them
   * are one answer, and a percent sign or word right after the box belongs to it.
   */
  static Optional<String> last(String text) {
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

  /** Where the last box ends; 0 if there is none. */
  static int endOfLast(String text) {
    List<Box> boxes = boxes(text);
    return boxes.isEmpty() ? 0 : boxes.get(boxes.size() - 1).to;
  }

  /** What follows the last opening of a box, for a text that breaks off within it. */
  static Optional<String> open(String text) {
    int at = Math.max(text.lastIndexOf("\\boxed{"), text.lastIndexOf("\\fbox{"));
    return at < 0 ? Optional.empty() : Optional.of(text.substring(text.indexOf('{', at) + 1));
  }
}
