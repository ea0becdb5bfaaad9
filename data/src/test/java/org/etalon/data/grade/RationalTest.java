package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class RationalTest {
  @Test
  void fractionsAreKeptInLowestTermsWithAPositiveDenominator() {
    Rational value = new Rational(BigInteger.valueOf(6), BigInteger.valueOf(-4));
    assertEquals("-3/2", value.toString());
    assertEquals(value, Rational.of(3).over(Rational.of(-2)));
    assertEquals(Rational.ZERO, new Rational(BigInteger.ZERO, BigInteger.valueOf(-9)));
  }

  @Test
  void arithmeticIsExact() {
    Rational third = Rational.ONE.over(Rational.of(3));
    assertEquals(Rational.ONE, third.plus(third).plus(third));
    assertEquals(Rational.of(9), third.power(-2));
    assertEquals(Rational.ONE, third.power(0));
    assertTrue(third.compareTo(Rational.ONE) < 0);
  }

  @Test
  void divisionByZeroIsRefused() {
    assertThrows(ArithmeticException.class, () -> Rational.ONE.over(Rational.ZERO));
    assertThrows(ArithmeticException.class, () -> Rational.ZERO.power(0));
    assertThrows(ArithmeticException.class, () -> Rational.ZERO.power(-1));
  }
}
