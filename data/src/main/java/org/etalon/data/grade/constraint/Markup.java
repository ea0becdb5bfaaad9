package org.etalon.data.grade.constraint;

import java.util.ArrayList;
import java.util.List;

/** Counts what Markdown and brackets mark in a text, by the letter of IFEval's patterns. */
final class Markup {
  private Markup() {}

  /** Lines that begin with a dash, or with an asterisk that is no bold text. */
  static int bullets(String text) {
    return bullets(text, '*') + bullets(text, '-');
  }

  private static int bullets(String text, char mark) {
    int bullets = 0;
    int at = 0;
    while (at < text.length()) {
      // Blank lines belong to the bullet after them, so a line is looked at once.
      while (at < text.length() && PythonText.isBlank(text.charAt(at))) {
        at++;
      }
      int rest = at + 1;
      if (at < text.length() && text.charAt(at) == mark && isBullet(text, mark, rest)) {
        bullets++;
        // A lone asterisk takes the line after it for its text.
        at = mark == '*' ? rest + 1 : rest;
      }
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end + 1;
    }
    return bullets;
  }

  private static boolean isBullet(String text, char mark, int rest) {
    return mark == '-' || (rest < text.length() && text.charAt(rest) != '*');
  }

  /** What stands behind the bullets or numbers of a list, a line each. */
  static List<String> items(String text) {
    List<String> items = new ArrayList<>();
    for (String line : PythonText.split(text, "\n")) {
      String item = PythonText.strip(line);
      int digits = digits(item);
      boolean numbered = digits > 0 && digits < item.length() && isAfterNumber(item, digits);
      boolean bullet =
          item.length() > 1
              && "*-+\u2022".indexOf(item.charAt(0)) >= 0
              && PythonText.isBlank(item.charAt(1));
      if (numbered || bullet) {
        items.add(PythonText.strip(item.substring(numbered ? digits + 1 : 1)));
      }
    }
    return items;
  }

  /** The numbers of lines that begin with a number and a full stop or parenthesis. */
  static List<String> numberedItems(String text) {
    List<String> numbers = new ArrayList<>();
    for (String line : PythonText.split(text, "\n")) {
      String item = PythonText.strip(line);
      int digits = digits(item);
      if (digits > 0 && digits < item.length() && isAfterNumber(item, digits)) {
        numbers.add(item.substring(0, digits));
      }
    }
    return numbers;
  }

  private static int digits(String item) {
    int end = 0;
    while (end < item.length() && item.charAt(end) >= '0' && item.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static boolean isAfterNumber(String item, int at) {
    boolean mark = item.charAt(at) == '.' || item.charAt(at) == ')';
    return mark && (at + 1 == item.length() || PythonText.isBlank(item.charAt(at + 1)));
  }

  /** Square brackets that close on their line. */
  static int placeholders(String text) {
    int placeholders = 0;
    for (String line : PythonText.split(text, "\n")) {
      int open = line.indexOf('[');
      int close = open < 0 ? -1 : line.indexOf(']', open);
      while (close >= 0) {
        placeholders++;
        open = line.indexOf('[', close);
        close = open < 0 ? -1 : line.indexOf(']', open);
      }
    }
    return placeholders;
  }

  /** {@code *so*} and {@code **so**}, not blank within. */
  static int highlights(String text) {
    return highlights(text, 1) + highlights(text, 2);
  }

  private static int highlights(String text, int asterisks) {
    String mark = "*".repeat(asterisks);
    int highlights = 0;
    int open = text.indexOf(mark);
    while (open >= 0) {
      int from = open + asterisks;
      int to = from;
      while (to < text.length() && text.charAt(to) != '*' && text.charAt(to) != '\n') {
        to++;
      }
      boolean closed = text.startsWith(mark, to);
      if (closed && !PythonText.isBlank(text.substring(from, to))) {
        highlights++;
      }
      open = text.indexOf(mark, closed ? to + asterisks : open + 1);
    }
    return highlights;
  }

  /** Whether a line holds something in double angular brackets. */
  static boolean hasTitle(String text) {
    for (String line : PythonText.split(text, "\n")) {
      int open = line.indexOf("<<");
      int close = line.lastIndexOf(">>");
      if (open >= 0 && close > open + 2) {
        String title = PythonText.strip(line.substring(open, close), c -> c == '<' || c == '>');
        if (!PythonText.isBlank(title)) {
          return true;
        }
      }
    }
    return false;
  }
}
