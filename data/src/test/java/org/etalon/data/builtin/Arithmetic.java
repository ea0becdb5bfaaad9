package org.etalon.data.builtin;

import java.math.BigInteger;

/**
 * Evaluates expressions of integers, {@code + - * /} and parentheses exactly.
 *
 * <p>Written without the generator's own arithmetic, so that it can judge it.
 */
final class Arithmetic {
  /** An exact fraction; the denominator is positive, the terms are lowest. */
  record Value(BigInteger over, BigInteger under) {
    Value {
      if (under.signum() == 0) {
        throw new ArithmeticException("division by zero");
      }
      BigInteger gcd = over.gcd(under).multiply(BigInteger.valueOf(under.signum()));
      over = over.divide(gcd);
      under = under.divide(gcd);
    }

    Value plus(Value o) {
      return new Value(over.multiply(o.under).add(o.over.multiply(under)), under.multiply(o.under));
    }

    Value times(Value o) {
      return new Value(over.multiply(o.over), under.multiply(o.under));
    }

    Value negated() {
      return new Value(over.negate(), under);
    }

    Value inverted() {
      return new Value(/* over= */ under, /* under= */ over);
    }
  }

  private final String text;
  private int at;

  private Arithmetic(String text) {
    this.text = text;
  }

  static Value evaluate(String text) {
    Arithmetic parser = new Arithmetic(text);
    Value value = parser.sum();
    if (parser.at < text.length()) {
      throw new IllegalArgumentException(text + ": not arithmetic from " + parser.at);
    }
    return value;
  }

  private Value sum() {
    Value value = product();
    while (true) {
      if (take('+')) {
        value = value.plus(product());
      } else if (take('-')) {
        value = value.plus(product().negated());
      } else {
        return value;
      }
    }
  }

  private Value product() {
    Value value = factor();
    while (true) {
      if (take('*')) {
        value = value.times(factor());
      } else if (take('/')) {
        value = value.times(factor().inverted());
      } else {
        return value;
      }
    }
  }

  private Value factor() {
    if (take('-')) {
      return factor().negated();
    }
    if (take('(')) {
      Value value = sum();
      if (!take(')')) {
        throw new IllegalArgumentException(text + ": parenthesis is not closed");
      }
      return value;
    }
    int start = at;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    if (start == at) {
      throw new IllegalArgumentException(text + ": a number was expected at " + at);
    }
    return new Value(new BigInteger(text.substring(start, at)), BigInteger.ONE);
  }

  private boolean take(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }
}
