package org.etalon.data.grade.constraint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites Python's way of printing lists, dictionaries and texts as JSON. */
final class PythonLiteral {
  private static final Pattern PIECE =
      Pattern.compile(
          "'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"|\\b(?:None|True|False)\\b",
          Pattern.DOTALL);

  private PythonLiteral() {}

  /** JSON, if the text is a literal without tuples and bytes; else something that is no JSON. */
  static String toJson(String literal) {
    Matcher piece = PIECE.matcher(literal);
    StringBuilder json = new StringBuilder(literal.length());
    while (piece.find()) {
      String found = piece.group();
      String rewritten =
          switch (found) {
            case "None" -> "null";
            case "True" -> "true";
            case "False" -> "false";
            default -> text(found);
          };
      piece.appendReplacement(json, Matcher.quoteReplacement(rewritten));
    }
    return piece.appendTail(json).toString();
  }

  private static String text(String quoted) {
    StringBuilder text = new StringBuilder(quoted.length()).append('"');
    int end = quoted.length() - 1;
    for (int i = 1; i < end; i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        text.append(c == '"' ? "\\\"" : c);
        continue;
      }
      char escaped = quoted.charAt(++i);
      switch (escaped) {
        case '\'' -> text.append('\'');
        case 'x' -> text.append("\\u00");
        default -> text.append('\\').append(escaped);
      }
    }
    return text.append('"').toString();
  }
}
