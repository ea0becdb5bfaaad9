package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.etalon.data.grade.Rational;

/**
 * A quotient of polynomials, not in lowest terms.
 *
 * @param under never 0
 */
record Quotient(Polynomial over, Polynomial under) {
  static final Quotient ONE = of(Rational.ONE);

  static Quotient of(Rational value) {
    return of(Polynomial.of(value));
  }

  static Quotient of(Polynomial value) {
    return new Quotient(value, Polynomial.ONE);
  }

  /** The fraction that it is, where it is one of numbers. */
  Optional<Rational> rational() {
    return over.isRational() && under.isOne() ? Optional.of(over.rational()) : Optional.empty();
  }

  Quotient plus(Quotient other, Budget budget) throws FormulaException {
    budget.spend(3 * (over.terms().size() + other.over.terms().size()));
    return under.equals(other.under)
        ? new Quotient(over.plus(other.over), under)
        : new Quotient(
            over.times(other.under, budget).plus(other.over.times(under, budget)),
            under.times(other.under, budget));
  }

  Quotient negate() {
    return new Quotient(over.negate(), under);
  }

  Quotient times(Quotient other, Budget budget) throws FormulaException {
    return new Quotient(over.times(other.over, budget), under.times(other.under, budget));
  }

  /**
   * One over it.
   *
   * @throws FormulaException if it is 0
   */
  Quotient inverse(Budget budget) throws FormulaException {
    if (over.isZero()) {
      throw new FormulaException("division by zero");
    }
    Optional<Polynomial> single = inverse(over, budget);
    return single.isPresent()
        ? new Quotient(under.times(single.get(), budget), Polynomial.ONE)
        : new Quotient(under, over);
  }

  /** One over a polynomial of one term. */
  private static Optional<Polynomial> inverse(Polynomial polynomial, Budget budget)
      throws FormulaException {
    if (polynomial.terms().size() != 1) {
      return Optional.empty();
    }
    Map.Entry<Monomial, Rational> term = polynomial.terms().firstEntry();
    SortedMap<Atom, Rational> powers = new TreeMap<>();
    for (Map.Entry<Atom, Rational> power : term.getKey().powers().entrySet()) {
      if (power.getKey().kind() == Atom.Kind.RADICAND) {
        return Optional.empty();
      }
      powers.put(power.getKey(), power.getValue().negate());
    }
    return Optional.of(Polynomial.reduced(powers, Rational.ONE.over(term.getValue()), budget));
  }

  /**
   * A whole power.
   *
   * @throws FormulaException for 0 to a power that is not positive, or if it is too large
   */
  Quotient power(int exponent, Budget budget) throws FormulaException {
    if (exponent <= 0 && over.isZero()) {
      throw new FormulaException("zero to a power that is not positive");
    }
    Quotient base = exponent < 0 ? inverse(budget) : this;
    int times = Math.abs(exponent);
    Optional<Rational> number = base.rational();
    if (number.isPresent()) {
      if ((long) number.get().bits() * times > Polynomial.MOST_BITS) {
        throw new FormulaException("a power too large");
      }
      return of(number.get().power(times));
    }
    if (times > 64 && base.over.terms().size() > 1) {
      throw new FormulaException("a power too large to expand");
    }
    if (times > 64) {
      return base.under.isOne() ? of(ofTerm(base.over, times, budget)) : tooLarge();
    }
    return new Quotient(
        Polynomial.power(base.over, times, budget), Polynomial.power(base.under, times, budget));
  }

  private static Quotient tooLarge() throws FormulaException {
    throw new FormulaException("a power too large to expand");
  }

  /** A power of one term, by its exponents. */
  private static Polynomial ofTerm(Polynomial term, int times, Budget budget)
      throws FormulaException {
    Map.Entry<Monomial, Rational> only = term.terms().firstEntry();
    if ((long) only.getValue().bits() * times > Polynomial.MOST_BITS) {
      throw new FormulaException("a power too large");
    }
    SortedMap<Atom, Rational> powers = new TreeMap<>();
    only.getKey().powers().forEach((a, power) -> powers.put(a, power.times(Rational.of(times))));
    return Polynomial.reduced(
        ImmutableSortedMap.copyOf(powers), only.getValue().power(times), budget);
  }

  /** Whether both are the same: empty where that cannot be told from the terms. */
  Optional<Boolean> isSame(Quotient other, Budget budget) throws FormulaException {
    Polynomial difference =
        over.times(other.under, budget).plus(other.over.times(under, budget).negate());
    if (difference.isZero()) {
      return Optional.of(true);
    }
    boolean decisive = difference.isDecisive() && under.isDecisive() && other.under.isDecisive();
    return decisive ? Optional.of(false) : Optional.empty();
  }

  /** The sign of a quotient of proportional polynomials of fractions; empty for any other. */
  Optional<Integer> constantSign(Budget budget) throws FormulaException {
    Map.Entry<Monomial, Rational> first = under.terms().firstEntry();
    Rational top = over.terms().get(first.getKey());
    if (top == null) {
      return Optional.empty();
    }
    Rational factor = top.over(first.getValue());
    Polynomial rest = over.plus(under.times(Polynomial.of(factor.negate()), budget));
    return rest.isZero() ? Optional.of(factor.numerator().signum()) : Optional.empty();
  }

  @Override
  public String toString() {
    return under.isOne() ? over.toString() : over + "/(" + under + ")";
  }
}
