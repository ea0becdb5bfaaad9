package org.etalon.data.builtin;

import com.google.common.base.Preconditions;

/**
 * Writes one solution: the method's name, one operation a line, the boxed answer.
 *
 * <p>Every method both writes {@code a op b=c} and returns c, so a line cannot disagree with the
 * value the solution goes on with.
 *
 * <p>Our choice: lines of one operation, no spaces, newline as separator. All families then share
 * the same few arithmetic facts, which a model of a million parameters can learn from some ten
 * thousand traces, and a line costs six to nine tokens.
 */
final class Work {
  private final StringBuilder text;

  Work(String method) {
    text = new StringBuilder(method).append(":\n");
  }

  int add(int a, int b) {
    int sum = Math.addExact(a, b);
    return line(a + (b < 0 ? "" : "+") + b, sum);
  }

  int sub(int a, int b) {
    int difference = Math.subtractExact(a, b);
    return line(a + (b < 0 ? "+" : "-") + Math.abs(b), difference);
  }

  /** A product; where a factor has two digits, the partial products are written too. */
  int mul(int a, int b) {
    if (b < 0 && a >= 0) {
      return mul(b, a);
    }
    int product = Math.multiplyExact(a, b);
    String factors = a + "*" + (b < 0 ? "(" + b + ")" : b);
    int sign = product < 0 ? -1 : 1;
    int small = Math.min(Math.abs(a), Math.abs(b));
    int large = Math.max(Math.abs(a), Math.abs(b));
    if (large > 10 && large % 10 != 0 && small > 1 && small <= 10) {
      return line(factors, sign * (large / 10 * 10 * small), sign * (large % 10 * small), product);
    }
    if (small > 10 && small % 10 != 0) {
      return line(factors, sign * (small / 10 * 10 * large), sign * (small % 10 * large), product);
    }
    return line(factors, product);
  }

  /** An exact quotient; a quotient of two digits is written as tens plus units first. */
  int div(int a, int b) {
    Preconditions.checkArgument(a % b == 0, "%s/%s is not whole", a, b);
    int quotient = a / b;
    String fraction = a + "/" + (b < 0 ? "(" + b + ")" : b);
    if (Math.abs(quotient) > 10 && quotient % 10 != 0 && Math.abs(b) > 1) {
      return line(fraction, quotient / 10 * 10, quotient % 10, quotient);
    }
    return line(fraction, quotient);
  }

  /** A quotient that need not be whole, reduced to lowest terms. */
  Ratio ratio(int a, int b) {
    Ratio ratio = Ratio.of(a, b);
    String fraction = a + "/" + b;
    say(ratio.toString().equals(fraction) ? fraction : fraction + "=" + ratio);
    return ratio;
  }

  /** A line of words. */
  Work say(String words) {
    text.append(words).append('\n');
    return this;
  }

  /** The finished solution. */
  String answer(int answer) {
    return text + Question.boxed(Integer.toString(answer));
  }

  /** The finished solution. */
  String answer(Ratio answer) {
    return text + Question.boxed(answer.toString());
  }

  private int line(String left, int value) {
    say(left + "=" + value);
    return value;
  }

  private int line(String left, int part, int rest, int value) {
    return line(left + "=" + part + (rest < 0 ? "" : "+") + rest, value);
  }
}
