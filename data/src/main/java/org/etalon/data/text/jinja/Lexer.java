package org.etalon.data.text.jinja;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.text.jinja.Token.Kind;

/** Cuts a template into tokens and trims the white space around tags. */
final class Lexer {
  private static final ImmutableList<String> OPERATORS =
      ImmutableList.of(
          "==", "!=", "<=", ">=", "//", "**", "<", ">", "+", "-", "*", "/", "%", "~", "(", ")", "[",
          "]", "{", "}", ",", ":", ".", "|", "=");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int counted;

  private Lexer(String source) {
    this.source = source;
  }

  /** The tokens, the last one of kind END. */
  static List<Token> tokens(String template) {
    String unix = template.replace("\r\n", "\n").replace('\r', '\n');
    String body = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    return new Lexer(body).run();
  }

  private List<Token> run() {
    while (at < source.length()) {
      int tag = nextTag(at);
      int end = tag < 0 ? source.length() : tag;
      text(end);
      if (tag >= 0) {
        tag(tag);
      }
    }
    add(Kind.END, "", source.length());
    return tokens;
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Text up to a tag, less what the tag takes away before it. */
  private void text(int end) {
    int stop = end;
    if (end < source.length()) {
      char sign = end + 2 < source.length() ? source.charAt(end + 2) : ' ';
      boolean statement = source.charAt(end + 1) != '{';
      if (sign == '-') {
        while (stop > at && Character.isWhitespace(source.charAt(stop - 1))) {
          stop--;
        }
      } else if (statement && sign != '+') {
        int start = stop;
        while (start > at && " \t".indexOf(source.charAt(start - 1)) >= 0) {
          start--;
        }
        if (start == 0 || source.charAt(start - 1) == '\n') {
          stop = start;
        }
      }
    }
    if (stop > at) {
      add(Kind.TEXT, source.substring(at, stop), at);
    }
    at = end;
  }

  private void tag(int start) {
    char type = source.charAt(start + 1);
    at = start + 2;
    if (type == '#') {
      int end = source.indexOf("#}", at);
      if (end < 0) {
        throw failure(start, "this comment is not closed; close it with #}");
      }
      boolean trims = end > at && source.charAt(end - 1) == '-';
      at = end + 2;
      afterTag(trims, true);
      return;
    }
    add(type == '{' ? Kind.PRINT : Kind.STATEMENT, source.substring(start, at), start);
    if (at < source.length() && "-+".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
    String close = type == '{' ? "}}" : "%}";
    int depth = 0;
    while (true) {
      skipSpace();
      if (at >= source.length()) {
        throw failure(start, "this tag is not closed; close it with " + close);
      }
      int sign = "-+".indexOf(source.charAt(at)) >= 0 ? 1 : 0;
      if (depth == 0 && source.startsWith(close, at + sign)) {
        boolean trims = source.charAt(at) == '-';
        boolean keeps = source.charAt(at) == '+';
        add(Kind.CLOSE, close, at);
        at += sign + 2;
        afterTag(trims, type == '%' && !keeps);
        return;
      }
      depth += token();
    }
  }

  private void afterTag(boolean trims, boolean takesLineBreak) {
    if (trims) {
      skipSpace();
    } else if (takesLineBreak && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
  }

  private void skipSpace() {
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
  }

  /** Reads one token of an expression; the answer is by how much brackets became deeper. */
  private int token() {
    char c = source.charAt(at);
    int start = at;
    if (c == '"' || c == '\'') {
      add(Kind.STRING, string(c), start);
      return 0;
    }
    if (Character.isDigit(c)) {
      number();
      return 0;
    }
    if (Character.isLetter(c) || c == '_') {
      while (at < source.length() && Character.isJavaIdentifierPart(source.charAt(at))) {
        at++;
      }
      add(Kind.NAME, source.substring(start, at), start);
      return 0;
    }
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, at)) {
        at += operator.length();
        add(Kind.OPERATOR, operator, start);
        return "([{".contains(operator) ? 1 : ")]}".contains(operator) ? -1 : 0;
      }
    }
    throw failure(at, "unexpected character \"" + c + "\"");
  }

  private void number() {
    int start = at;
    skipDigits();
    boolean fraction =
        at + 1 < source.length()
            && source.charAt(at) == '.'
            && Character.isDigit(source.charAt(at + 1));
    if (fraction) {
      at++;
      skipDigits();
    }
    add(fraction ? Kind.FLOAT : Kind.INTEGER, source.substring(start, at), start);
  }

  private void skipDigits() {
    while (at < source.length() && Character.isDigit(source.charAt(at))) {
      at++;
    }
  }

  private String string(char quote) {
    int start = at++;
    StringBuilder value = new StringBuilder();
    while (at < source.length()) {
      char c = source.charAt(at++);
      if (c == quote) {
        return value.toString();
      }
      if (c == '\\' && at < source.length()) {
        escape(value);
      } else {
        value.append(c);
      }
    }
    throw failure(start, "this string is not closed; close it with " + quote);
  }

  private void escape(StringBuilder value) {
    char c = source.charAt(at++);
    switch (c) {
      case 'n' -> value.append('\n');
      case 't' -> value.append('\t');
      case 'r' -> value.append('\r');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case '0' -> value.append('\0');
      case '\\', '\'', '"' -> value.append(c);
      case '\n' -> {}
      case 'x' -> value.appendCodePoint(hexadecimal(2));
      case 'u' -> value.appendCodePoint(hexadecimal(4));
      case 'U' -> value.appendCodePoint(hexadecimal(8));
      default -> value.append('\\').append(c);
    }
  }

  private int hexadecimal(int digits) {
    int end = Math.min(at + digits, source.length());
    try {
      int code = Integer.parseUnsignedInt(source.substring(at, end), 16);
      if (end - at == digits && Character.isValidCodePoint(code)) {
        at = end;
        return code;
      }
    } catch (NumberFormatException e) {
      // Named below.
    }
    throw failure(at, "expected " + digits + " hexadecimal digits of a character");
  }

  private void add(Kind kind, String text, int position) {
    tokens.add(new Token(kind, text, lineOf(position)));
  }

  /** Positions come in rising order, so lines are counted once. */
  private int lineOf(int position) {
    for (; counted < position; counted++) {
      if (source.charAt(counted) == '\n') {
        line++;
      }
    }
    return line;
  }

  private TemplateException failure(int position, String message) {
    long before = source.substring(0, position).chars().filter(c -> c == '\n').count();
    return new TemplateException("line " + (before + 1) + ": " + message);
  }
}
