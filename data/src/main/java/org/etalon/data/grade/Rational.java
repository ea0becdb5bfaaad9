package org.etalon.data.grade;

import java.math.BigInteger;

/**
 * An exact fraction in lowest terms.
 *
 * @param numerator carries the sign
 * @param denominator positive
 */
public record Rational(BigInteger numerator, BigInteger denominator)
    implements Comparable<Rational> {
  public static final Rational ZERO = of(0);
  public static final Rational ONE = of(1);

  /**
   * Reduces to lowest terms.
   *
   * @throws ArithmeticException if the denominator is zero
   */
  public Rational {
    if (denominator.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    BigInteger common = numerator.gcd(denominator);
    if (denominator.signum() < 0) {
      common = common.negate();
    }
    numerator = numerator.divide(common);
    denominator = denominator.divide(common);
  }

  public static Rational of(long value) {
    return of(BigInteger.valueOf(value));
  }

  public static Rational of(BigInteger value) {
    return new Rational(value, BigInteger.ONE);
  }

  public Rational plus(Rational other) {
    return new Rational(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  public Rational minus(Rational other) {
    return plus(other.negate());
  }

  public Rational times(Rational other) {
    return new Rational(
        numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  /**
   * The quotient.
   *
   * @throws ArithmeticException if {@code other} is zero
   */
  public Rational over(Rational other) {
    return new Rational(
        numerator.multiply(other.denominator), denominator.multiply(other.numerator));
  }

  public Rational negate() {
    return new Rational(numerator.negate(), denominator);
  }

  /**
   * An integer power; the caller bounds its size.
   *
   * @throws ArithmeticException for zero to a power that is not positive
   */
  public Rational power(int exponent) {
    if (numerator.signum() == 0 && exponent <= 0) {
      throw new ArithmeticException("zero to the power of " + exponent);
    }
    int size = Math.abs(exponent);
    BigInteger top = numerator.pow(size);
    BigInteger bottom = denominator.pow(size);
    return exponent < 0 ? new Rational(bottom, top) : new Rational(top, bottom);
  }

  public boolean isInteger() {
    return denominator.equals(BigInteger.ONE);
  }

  /** Bits of numerator and denominator together. */
  public int bits() {
    return numerator.bitLength() + denominator.bitLength();
  }

  @Override
  public int compareTo(Rational other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
  }

  /** {@code 7} or {@code -7/3}. */
  @Override
  public String toString() {
    return isInteger() ? numerator.toString() : numerator + "/" + denominator;
  }
}
