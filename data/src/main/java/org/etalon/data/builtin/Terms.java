package org.etalon.data.builtin;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Texts of polynomials and lists as they stand in a question. */
final class Terms {
  private Terms() {}

  /**
   * A polynomial in x, e.g. {@code 2x^2-x+3} from the coefficients 2, -1, 3; terms with coefficient
   * 0 are left out.
   */
  static String polynomial(int... coefficients) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < coefficients.length; i++) {
      int degree = coefficients.length - 1 - i;
      int c = coefficients[i];
      if (c == 0) {
        continue;
      }
      text.append(c < 0 ? "-" : text.isEmpty() ? "" : "+");
      if (degree == 0 || Math.abs(c) != 1) {
        text.append(Math.abs(c));
      }
      text.append(degree == 0 ? "" : degree == 1 ? "x" : "x^" + degree);
    }
    return text.isEmpty() ? "0" : text.toString();
  }

  /** The numbers separated by commas. */
  static String list(int... numbers) {
    return Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(", "));
  }

  /** {@code plus 3} or {@code minus 3}. */
  static String plus(int number) {
    return (number < 0 ? "minus " : "plus ") + Math.abs(number);
  }
}
