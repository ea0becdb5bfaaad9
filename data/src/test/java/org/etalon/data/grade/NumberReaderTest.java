package org.etalon.data.grade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NumberReaderTest {
  @Test
  void randomExpressionsHaveTheValueTheyWereBuiltWith() {
    Random random = new Random(23);
    int read = 0;
    for (int n = 0; n < 3000; n++) {
      Built built = build(random, 4);
      Optional<Rational> value = NumberReader.read(built.text());
      assertEquals(Optional.ofNullable(built.value()), value, built.text());
      read += value.isPresent() ? 1 : 0;
    }
    assertTrue(read > 2000, read + " had a value");
  }

  @Test
  void powersBeyondTheBoundAreNotNumbers() {
    assertEquals(Optional.of(Rational.of(BigInteger.TWO.pow(2000))), NumberReader.read("2^{2000}"));
    assertEquals(Optional.empty(), NumberReader.read("2^{8192}"));
    assertEquals(Optional.empty(), NumberReader.read("2^{0.5}"));
  }

  @Test
  void nestingBeyondTheBoundIsNotANumber() {
    assertEquals(Optional.of(Rational.ONE), NumberReader.read(nested(NumberReader.MAX_DEPTH - 1)));
    assertEquals(Optional.empty(), NumberReader.read(nested(NumberReader.MAX_DEPTH)));
  }

  private static String nested(int depth) {
    return "(".repeat(depth) + "1" + ")".repeat(depth);
  }

  /** An expression in full parentheses and its value; null where it divides by zero. */
  private record Built(String text, Rational value) {}

  private static Built build(Random random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      int number = random.nextInt(30);
      return new Built(String.valueOf(number), Rational.of(number));
    }
    Built a = build(random, depth - 1);
    Built b = build(random, depth - 1);
    boolean known = a.value() != null && b.value() != null;
    boolean divides = known && b.value().numerator().signum() != 0;
    return switch (random.nextInt(6)) {
      case 0 -> built("(%s)+(%s)", a, b, known ? a.value().plus(b.value()) : null);
      case 1 -> built("(%s) - {%s}", a, b, known ? a.value().minus(b.value()) : null);
      case 2 -> built("(%s)*(%s)", a, b, known ? a.value().times(b.value()) : null);
      case 3 -> built("(%s)/(%s)", a, b, divides ? a.value().over(b.value()) : null);
      case 4 -> built("\\frac{%s}{%s}", a, b, divides ? a.value().over(b.value()) : null);
      default -> new Built("-(" + a.text() + ")", known1(a));
    };
  }

  private static Rational known1(Built a) {
    return a.value() == null ? null : a.value().negate();
  }

  private static Built built(String form, Built a, Built b, Rational value) {
    return new Built(String.format(form, a.text(), b.text()), value);
  }
}
