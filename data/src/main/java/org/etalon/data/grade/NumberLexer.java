package org.etalon.data.grade;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.data.grade.NumberReader.NotANumber;

/** Splits a cleaned answer into the tokens that {@link NumberReader} understands. */
final class NumberLexer {
  enum Kind {
    NUMBER,
    PLUS,
    MINUS,
    TIMES,
    OVER,
    POWER,
    PERCENT,
    OPEN,
    CLOSE,
    FRACTION,
    SQRT,
    END
  }

  /** A token; {@code value} is null unless it is a number. */
  record Token(Kind kind, String text, Rational value) {}

  /**
   * Digits, with thousands apart by commas or blanks in groups of three, and decimals. A comma that
   * does not part thousands is left over and makes the text unreadable: it may part a list.
   */
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?:[1-9]\\d{0,2}(?:,\\d{3})+(?![0-9,])|\\d{1,3}(?: \\d{3})+(?![0-9 ]*[0-9])|\\d+)(?:\\.\\d*)?|\\.\\d+");

  private NumberLexer() {}

  static List<Token> tokens(String text) throws NotANumber {
    List<Token> tokens = new ArrayList<>();
    Matcher number = NUMBER.matcher(text);
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
      } else if (c == '.' || (c >= '0' && c <= '9')) {
        if (!number.region(at, text.length()).lookingAt()) {
          throw new NotANumber();
        }
        tokens.add(new Token(Kind.NUMBER, number.group(), value(number.group())));
        at = number.end();
      } else if (c == '\\' || Character.isLetter(c)) {
        Token word = word(text, at);
        tokens.add(word);
        at += word.text().length();
      } else {
        tokens.add(new Token(symbol(c), String.valueOf(c), null));
        at++;
      }
    }
    // Three, so that the reader may look two tokens ahead.
    for (int i = 0; i < 3; i++) {
      tokens.add(new Token(Kind.END, "", null));
    }
    return tokens;
  }

  static Token digit(char digit) {
    return new Token(Kind.NUMBER, String.valueOf(digit), Rational.of(digit - '0'));
  }

  private static Token word(String text, int at) throws NotANumber {
    for (String name : List.of("\\frac", "\\sqrt", "sqrt")) {
      int end = at + name.length();
      if (text.startsWith(name, at)
          && (end == text.length() || !Character.isLetter(text.charAt(end)))) {
        return new Token(name.equals("\\frac") ? Kind.FRACTION : Kind.SQRT, name, null);
      }
    }
    throw new NotANumber();
  }

  private static Kind symbol(char c) throws NotANumber {
    return switch (c) {
      case '+' -> Kind.PLUS;
      case '-' -> Kind.MINUS;
      case '*' -> Kind.TIMES;
      case '/' -> Kind.OVER;
      case '^' -> Kind.POWER;
      case '%' -> Kind.PERCENT;
      case '(', '{' -> Kind.OPEN;
      case ')', '}' -> Kind.CLOSE;
      default -> throw new NotANumber();
    };
  }

  private static Rational value(String literal) {
    String digits = literal.replace(",", "").replace(" ", "");
    int point = digits.indexOf('.');
    if (point < 0) {
      return Rational.of(new BigInteger(digits));
    }
    int decimals = digits.length() - point - 1;
    return new Rational(
        new BigInteger("0" + digits.replace(".", "")), BigInteger.TEN.pow(decimals));
  }
}
