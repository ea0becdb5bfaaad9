package org.etalon.data.grade;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.etalon.data.grade.NumberLexer.Kind;
import org.etalon.data.grade.NumberLexer.Token;

/**
 * Reads a cleaned answer as an exact number: integers, decimals, fractions, percent, mixed numbers,
 * and expressions of + − × ÷, parentheses, small integer powers and square roots that come out
 * even.
 *
 * <pre>
 * sum     := product (('+' | '-') product)*
 * product := signed (('*' | '/') signed | power)*
 * signed  := ('+' | '-')* power
 * power   := primary '%'* ('^' signed)?
 * primary := number | number fraction | fraction | '(' sum ')' | '{' sum '}' | sqrt argument
 * </pre>
 *
 * <p>Our choice of bounds: {@value #MAX_CHARS} characters, {@value #MAX_DEPTH} levels, {@value
 * #MAX_BITS} bits in any intermediate value. What lies beyond is not a number to this reader.
 */
final class NumberReader {
  static final int MAX_CHARS = 1024;
  static final int MAX_DEPTH = 48;
  static final int MAX_BITS = 1 << 13;

  /** The text is not a number, or not one within the bounds. */
  static final class NotANumber extends Exception {
    NotANumber() {
      super(null, null, false, false);
    }
  }

  private final List<Token> tokens;
  private int at;
  private int depth;

  private NumberReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  static Optional<Rational> read(String clean) {
    if (clean.isEmpty() || clean.length() > MAX_CHARS) {
      return Optional.empty();
    }
    try {
      NumberReader reader = new NumberReader(NumberLexer.tokens(clean));
      Rational value = reader.sum();
      return reader.peek() == Kind.END ? Optional.of(value) : Optional.empty();
    } catch (NotANumber | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private Rational sum() throws NotANumber {
    if (++depth > MAX_DEPTH) {
      throw new NotANumber();
    }
    Rational value = product();
    while (peek() == Kind.PLUS || peek() == Kind.MINUS) {
      boolean plus = take() == Kind.PLUS;
      Rational next = product();
      value = bounded(plus ? value.plus(next) : value.minus(next));
    }
    depth--;
    return value;
  }

  private Rational product() throws NotANumber {
    Rational value = signed();
    while (true) {
      switch (peek()) {
        case TIMES -> {
          take();
          value = bounded(value.times(signed()));
        }
        case OVER -> {
          take();
          value = bounded(value.over(signed()));
        }
        case OPEN, SQRT -> value = bounded(value.times(power()));
        default -> {
          return value;
        }
      }
    }
  }

  private Rational signed() throws NotANumber {
    boolean negative = false;
    while (peek() == Kind.PLUS || peek() == Kind.MINUS) {
      negative ^= take() == Kind.MINUS;
    }
    Rational value = power();
    return negative ? value.negate() : value;
  }

  private Rational power() throws NotANumber {
    Rational base = primary();
    while (peek() == Kind.PERCENT) {
      take();
      base = bounded(base.over(Rational.of(100)));
    }
    if (peek() != Kind.POWER) {
      return base;
    }
    take();
    if (++depth > MAX_DEPTH) {
      throw new NotANumber();
    }
    Rational exponent = signed();
    depth--;
    if (!exponent.isInteger() || exponent.numerator().bitLength() > 13) {
      throw new NotANumber();
    }
    int times = exponent.numerator().intValueExact();
    if ((long) base.bits() * Math.abs(times) > MAX_BITS) {
      throw new NotANumber();
    }
    return base.power(times);
  }

  private Rational primary() throws NotANumber {
    Token token = tokens.get(at);
    switch (take()) {
      case NUMBER -> {
        return mixed(token);
      }
      case OPEN -> {
        Rational value = sum();
        if (take() != Kind.CLOSE || !tokens.get(at - 1).text().equals(closing(token.text()))) {
          throw new NotANumber();
        }
        return value;
      }
      case FRACTION -> {
        Rational top = argument();
        return bounded(top.over(argument()));
      }
      case SQRT -> {
        return squareRoot(argument());
      }
      default -> throw new NotANumber();
    }
  }

  /** A number, and the fraction that follows it if both make a mixed number. */
  private Rational mixed(Token token) throws NotANumber {
    Rational whole = token.value();
    Rational part;
    if (peek() == Kind.FRACTION) {
      take();
      Rational top = argument();
      part = bounded(top.over(argument()));
    } else if (peek() == Kind.NUMBER
        && tokens.get(at + 1).kind() == Kind.OVER
        && tokens.get(at + 2).kind() == Kind.NUMBER) {
      part = tokens.get(at).value().over(tokens.get(at + 2).value());
      at += 3;
    } else {
      return whole;
    }
    // 2 and 3/2 side by side may be meant as a product: neither reading is safe.
    if (!whole.isInteger()
        || part.compareTo(Rational.ZERO) <= 0
        || part.compareTo(Rational.ONE) >= 0) {
      throw new NotANumber();
    }
    return bounded(whole.plus(part));
  }

  /** A group, or as in LaTeX the next digit alone. */
  private Rational argument() throws NotANumber {
    Token token = tokens.get(at);
    if (token.kind() == Kind.OPEN && token.text().equals("{")) {
      return primary();
    }
    if (token.kind() == Kind.NUMBER && token.text().length() == 1) {
      take();
      return token.value();
    }
    if (token.kind() == Kind.NUMBER && token.text().matches("\\d\\d")) {
      // \frac12: the lexer has read both digits as one number.
      tokens.set(at, NumberLexer.digit(token.text().charAt(1)));
      return Rational.of(token.text().charAt(0) - '0');
    }
    throw new NotANumber();
  }

  private static Rational squareRoot(Rational square) throws NotANumber {
    if (square.numerator().signum() < 0) {
      throw new NotANumber();
    }
    BigInteger[] top = square.numerator().sqrtAndRemainder();
    BigInteger[] bottom = square.denominator().sqrtAndRemainder();
    if (top[1].signum() != 0 || bottom[1].signum() != 0) {
      throw new NotANumber();
    }
    return new Rational(top[0], bottom[0]);
  }

  private static Rational bounded(Rational value) throws NotANumber {
    if (value.bits() > MAX_BITS) {
      throw new NotANumber();
    }
    return value;
  }

  private static String closing(String opening) {
    return opening.equals("(") ? ")" : "}";
  }

  private Kind peek() {
    return tokens.get(at).kind();
  }

  private Kind take() {
    Kind kind = peek();
    if (kind != Kind.END) {
      at++;
    }
    return kind;
  }
}
