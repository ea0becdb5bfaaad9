package org.etalon.data.grade.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apfloat.Apcomplex;
import org.apfloat.ApcomplexMath;
import org.apfloat.Apfloat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against Apfloat's own functions, which are slow but independent. */
class ExponentialTest {
  private static final int DIGITS = Precise.DIGITS + 10;
  private static final Apfloat CLOSE = new Apfloat("1e-150", DIGITS);

  private static Apcomplex number(String real, String imaginary) {
    return new Apcomplex(new Apfloat(real, DIGITS), new Apfloat(imaginary, DIGITS));
  }

  private static void assertClose(Apcomplex expected, Apcomplex got) {
    Apfloat apart = ApcomplexMath.abs(expected.subtract(got));
    Apfloat size = ApcomplexMath.abs(expected);
    assertTrue(apart.compareTo(CLOSE.multiply(size)) <= 0, expected + " and " + got);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "-3.7, 0", "100.25, 0", "-100, 1", "1e-40, 0", "0.5, -2.25", "0, 30"})
  void exponentialsAreThoseOfApfloat(String real, String imaginary) {
    Apcomplex x = number(real, imaginary);
    assertClose(ApcomplexMath.exp(x), Exponential.of(x));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0",
    "1e50, 0",
    "1e-50, 0",
    "-1, 0",
    "-2.5, 0.001",
    "3, -4",
    "0, 1",
    "1.000001, 0"
  })
  void logarithmsAreThoseOfApfloat(String real, String imaginary) {
    Apcomplex x = number(real, imaginary);
    assertClose(ApcomplexMath.log(x), Exponential.log(x));
  }

  @ParameterizedTest
  @CsvSource({
    "sin, 0.7, 0",
    "cos, -2.2, 0",
    "tan, 1.1, 0",
    "arcsin, 0.3, 0",
    "arccos, -0.9, 0",
    "arctan, 5, 0",
    "sinh, 0.2, 0",
    "cosh, 1, 0",
    "tanh, 0.4, 0",
    "sin, 1, 2",
    "cos, 1, -2",
    "arctan, -1, 0",
    "arcsin, 2, 0.5"
  })
  void functionsAreThoseOfApfloat(String function, String real, String imaginary)
      throws FormulaException {
    Apcomplex x = number(real, imaginary);
    Apcomplex expected =
        switch (function) {
          case "sin" -> ApcomplexMath.sin(x);
          case "cos" -> ApcomplexMath.cos(x);
          case "tan" -> ApcomplexMath.tan(x);
          case "arcsin" -> ApcomplexMath.asin(x);
          case "arccos" -> ApcomplexMath.acos(x);
          case "arctan" -> ApcomplexMath.atan(x);
          case "sinh" -> ApcomplexMath.sinh(x);
          case "cosh" -> ApcomplexMath.cosh(x);
          default -> ApcomplexMath.tanh(x);
        };
    assertClose(expected, PreciseFunctions.of(function, x).orElseThrow());
  }

  @Test
  void realNumbersStayReal() throws FormulaException {
    for (String function : new String[] {"sin", "cos", "tan", "arcsin", "arccos", "arctan"}) {
      Apcomplex value = PreciseFunctions.of(function, number("0.25", "0")).orElseThrow();
      assertEquals(0, value.imag().signum(), function);
    }
  }

  @Test
  void thereIsNoLogarithmOfZero() {
    assertThrows(ArithmeticException.class, () -> Exponential.log(Apcomplex.ZERO));
  }
}
