package org.etalon.data.grade.math;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.etalon.data.grade.Rational;

/** The exact value of a formula, where it is a fraction of bounded size. */
final class Exact {
  private static final int MOST_BITS = 1 << 13;

  private Exact() {}

  static Optional<Rational> of(Node node) {
    try {
      return value(node);
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Optional<Rational> value(Node node) {
    if (node instanceof Node.Num number) {
      return bounded(number.value());
    }
    if (node instanceof Node.Sum sum) {
      return fold(Rational.ZERO, sum.terms(), Rational::plus);
    }
    if (node instanceof Node.Product product) {
      return fold(Rational.ONE, product.factors(), Rational::times);
    }
    if (node instanceof Node.Quotient quotient) {
      Optional<Rational> over = value(quotient.over());
      Optional<Rational> under = value(quotient.under());
      return over.isPresent() && under.isPresent()
          ? bounded(over.get().over(under.get()))
          : Optional.empty();
    }
    if (node instanceof Node.Power power) {
      return power(value(power.base()), value(power.exponent()));
    }
    if (node instanceof Node.Root root && root.degree() == 2) {
      return value(root.of()).flatMap(Exact::squareRoot);
    }
    return Optional.empty();
  }

  private static Optional<Rational> fold(
      Rational start, Iterable<Node> nodes, BinaryOperator<Rational> operation) {
    Rational result = start;
    for (Node node : nodes) {
      Optional<Rational> next = value(node);
      if (next.isEmpty()) {
        return next;
      }
      result = operation.apply(result, next.get());
      if (result.bits() > MOST_BITS) {
        return Optional.empty();
      }
    }
    return Optional.of(result);
  }

  private static Optional<Rational> power(Optional<Rational> base, Optional<Rational> exponent) {
    boolean whole =
        base.isPresent()
            && exponent.isPresent()
            && exponent.get().isInteger()
            && exponent.get().numerator().bitLength() <= 13;
    if (!whole) {
      return Optional.empty();
    }
    int times = exponent.get().numerator().intValueExact();
    return (long) base.get().bits() * Math.abs(times) > MOST_BITS
        ? Optional.empty()
        : bounded(base.get().power(times));
  }

  private static Optional<Rational> squareRoot(Rational square) {
    if (square.numerator().signum() < 0) {
      return Optional.empty();
    }
    BigInteger[] top = square.numerator().sqrtAndRemainder();
    BigInteger[] bottom = square.denominator().sqrtAndRemainder();
    return top[1].signum() == 0 && bottom[1].signum() == 0
        ? Optional.of(new Rational(top[0], bottom[0]))
        : Optional.empty();
  }

  private static Optional<Rational> bounded(Rational value) {
    return value.bits() > MOST_BITS ? Optional.empty() : Optional.of(value);
  }
}
