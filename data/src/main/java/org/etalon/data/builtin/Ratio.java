package org.etalon.data.builtin;

import com.google.common.math.IntMath;

/**
 * An exact rational number in lowest terms with a positive denominator.
 *
 * <p>Its text is an integer or {@code a/b}, which is the form of every built-in answer.
 */
record Ratio(int numerator, int denominator) {
  Ratio {
    if (denominator <= 0 || IntMath.gcd(Math.abs(numerator), denominator) != 1) {
      throw new IllegalArgumentException(
          numerator + "/" + denominator + " is not in lowest terms; use Ratio.of");
    }
  }

  /** The quotient {@code numerator / denominator}, reduced. */
  static Ratio of(int numerator, int denominator) {
    if (denominator == 0) {
      throw new IllegalArgumentException("division by zero: " + numerator + "/0");
    }
    int gcd = IntMath.gcd(Math.abs(numerator), Math.abs(denominator));
    int signed = denominator < 0 ? -gcd : gcd;
    return new Ratio(numerator / signed, denominator / signed);
  }

  @Override
  public String toString() {
    return denominator == 1 ? Integer.toString(numerator) : numerator + "/" + denominator;
  }
}
