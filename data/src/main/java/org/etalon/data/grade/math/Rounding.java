package org.etalon.data.grade.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import org.apfloat.Apcomplex;
import org.etalon.data.grade.Rational;

/**
 * Decimals that are long enough to be a number as a computer prints it.
 *
 * <p>Our choice, and the only tolerance for what is written: a decimal of {@value #LEAST_DIGITS}
 * significant digits or more, which is what a double holds, also stands for the number without a
 * finite decimal that rounds, or is cut off, to just these digits. {@code 0.0833333333333333} is
 * {@code 1/12} and {@code 4.123105625617661} is {@code √17}; {@code 0.333333} is not {@code 1/3}.
 */
public final class Rounding {
  static final int LEAST_DIGITS = 15;

  private static final int MOST_DIGITS = 60;

  private Rounding() {}

  /** Whether one of two different fractions is a long decimal and the other rounds to it. */
  public static boolean same(Rational a, Rational b) {
    Optional<BigDecimal> x = decimal(a);
    Optional<BigDecimal> y = decimal(b);
    if (x.isPresent() == y.isPresent()) {
      return false;
    }
    BigDecimal written = x.or(() -> y).orElseThrow();
    Rational value = x.isPresent() ? b : a;
    return isLong(written)
        && value.bits() < 1_000
        && isWritten(
            written,
            new BigDecimal(value.numerator())
                .divide(
                    new BigDecimal(value.denominator()),
                    written.scale() + LEAST_DIGITS,
                    RoundingMode.DOWN));
  }

  /** Whether one of two terms is a long decimal and the other a number that rounds to it. */
  static boolean same(Node a, Node b, Budget budget) {
    return isRounded(a, b, budget) || isRounded(b, a, budget);
  }

  private static boolean isRounded(Node decimal, Node term, Budget budget) {
    if (!(decimal instanceof Node.Num number)
        || term instanceof Node.Num
        || decimal(number.value()).filter(Rounding::isLong).isEmpty()
        || !Nodes.names(term).isEmpty()) {
      return false;
    }
    try {
      Apcomplex value = new Precise("", true, budget).of(term);
      return Precise.isReal(value)
          && isWritten(
              decimal(number.value()).orElseThrow(), new BigDecimal(value.real().toString(true)));
    } catch (FormulaException e) {
      return false;
    }
  }

  private static boolean isWritten(BigDecimal written, BigDecimal value) {
    return written.compareTo(value.setScale(written.scale(), RoundingMode.HALF_UP)) == 0
        || written.compareTo(value.setScale(written.scale(), RoundingMode.DOWN)) == 0;
  }

  private static boolean isLong(BigDecimal decimal) {
    return decimal.scale() > 0
        && decimal.precision() >= LEAST_DIGITS
        && decimal.precision() <= MOST_DIGITS;
  }

  /** A fraction as decimal without final zeros; empty if it has no finite one, or a very long. */
  private static Optional<BigDecimal> decimal(Rational value) {
    BigInteger under = value.denominator();
    int twos = under.getLowestSetBit();
    BigInteger rest = under.shiftRight(twos);
    int fives = 0;
    while (rest.bitLength() > 2 && rest.mod(BigInteger.valueOf(5)).signum() == 0) {
      rest = rest.divide(BigInteger.valueOf(5));
      fives++;
      if (fives > 4 * MOST_DIGITS) {
        return Optional.empty();
      }
    }
    if (!rest.equals(BigInteger.ONE) || twos > 4 * MOST_DIGITS) {
      return Optional.empty();
    }
    return Optional.of(
        new BigDecimal(value.numerator()).divide(new BigDecimal(under)).stripTrailingZeros());
  }
}
