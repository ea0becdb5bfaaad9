package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableSortedMap;
import java.math.BigInteger;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.etalon.data.grade.Rational;

/**
 * A sum of monomials with exact coefficients: equal ones are equal by their terms, except where an
 * atom is not independent.
 *
 * <p>Our choice of bounds: {@value #MOST_TERMS} terms, {@value #MOST_BITS} bits a coefficient.
 *
 * @param terms no coefficient is 0
 */
record Polynomial(ImmutableSortedMap<Monomial, Rational> terms) {
  static final int MOST_TERMS = 400;
  static final int MOST_BITS = 1 << 14;

  static final Polynomial ZERO = new Polynomial(ImmutableSortedMap.of());
  static final Polynomial ONE = of(Rational.ONE);

  private static final Rational FOUR = Rational.of(4);

  static Polynomial of(Rational value) {
    return of(Monomial.ONE, value);
  }

  static Polynomial of(Monomial monomial, Rational coefficient) {
    return coefficient.equals(Rational.ZERO)
        ? ZERO
        : new Polynomial(ImmutableSortedMap.of(monomial, coefficient));
  }

  static Polynomial of(Atom atom, Rational power) {
    return of(Monomial.of(atom, power), Rational.ONE);
  }

  boolean isZero() {
    return terms.isEmpty();
  }

  boolean isOne() {
    return equals(ONE);
  }

  /** Whether it is a fraction, 0 included. */
  boolean isRational() {
    return isZero() || (terms.size() == 1 && terms.containsKey(Monomial.ONE));
  }

  /** The fraction that it is. */
  Rational rational() {
    return isZero() ? Rational.ZERO : terms.get(Monomial.ONE);
  }

  /** Whether it is 0 only if it has no terms. */
  boolean isDecisive() {
    return terms.keySet().stream()
        .allMatch(monomial -> monomial.powers().keySet().stream().allMatch(Atom::isIndependent));
  }

  /** Whether there are only fractions and variables in it. */
  boolean isOfVariables() {
    return terms.keySet().stream()
        .allMatch(
            monomial ->
                monomial.powers().keySet().stream()
                    .allMatch(atom -> atom.kind() == Atom.Kind.VARIABLE));
  }

  Polynomial plus(Polynomial other) throws FormulaException {
    SortedMap<Monomial, Rational> sum = new TreeMap<>(terms);
    for (Map.Entry<Monomial, Rational> term : other.terms.entrySet()) {
      add(sum, term.getKey(), term.getValue());
    }
    return bounded(sum);
  }

  Polynomial negate() {
    SortedMap<Monomial, Rational> negative = new TreeMap<>();
    terms.forEach((monomial, coefficient) -> negative.put(monomial, coefficient.negate()));
    return new Polynomial(ImmutableSortedMap.copyOf(negative));
  }

  /**
   * The product.
   *
   * @throws FormulaException if it has too many terms
   */
  Polynomial times(Polynomial other, Budget budget) throws FormulaException {
    SortedMap<Monomial, Rational> product = new TreeMap<>();
    for (Map.Entry<Monomial, Rational> a : terms.entrySet()) {
      for (Map.Entry<Monomial, Rational> b : other.terms.entrySet()) {
        budget.spend(3 + work(a.getValue().bits() + b.getValue().bits()));
        Polynomial term =
            reduced(a.getKey().times(b.getKey()), a.getValue().times(b.getValue()), budget);
        for (Map.Entry<Monomial, Rational> part : term.terms.entrySet()) {
          add(product, part.getKey(), part.getValue());
        }
        if (product.size() > MOST_TERMS) {
          throw new FormulaException("too many terms");
        }
      }
    }
    return bounded(product);
  }

  /** Multiplied by the least powers of variables that leave none to a negative power. */
  Polynomial whole() throws FormulaException {
    SortedMap<Atom, Rational> least = new TreeMap<>();
    for (Monomial monomial : terms.keySet()) {
      monomial.powers().forEach((atom, power) -> least.merge(atom, power, Polynomial::min));
    }
    least.keySet().removeIf(atom -> atom.kind() != Atom.Kind.VARIABLE);
    least.values().removeIf(power -> power.compareTo(Rational.ZERO) >= 0);
    least.replaceAll((atom, power) -> power.negate());
    Monomial factor = new Monomial(ImmutableSortedMap.copyOf(least));
    SortedMap<Monomial, Rational> product = new TreeMap<>();
    for (Map.Entry<Monomial, Rational> term : terms.entrySet()) {
      Monomial monomial = new Monomial(ImmutableSortedMap.copyOf(term.getKey().times(factor)));
      add(product, monomial, term.getValue());
    }
    return bounded(product);
  }

  private static Rational min(Rational a, Rational b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** What a fraction in lowest terms costs: its common factor takes the square of its length. */
  private static int work(int bits) {
    int words = bits / 64;
    return words + words * words / 100;
  }

  /** One term whose atoms with a value are taken to powers from 0 to below 1. */
  static Polynomial reduced(SortedMap<Atom, Rational> powers, Rational factor, Budget budget)
      throws FormulaException {
    SortedMap<Atom, Rational> kept = new TreeMap<>();
    Rational coefficient = factor;
    Polynomial rest = ONE;
    for (Map.Entry<Atom, Rational> entry : powers.entrySet()) {
      Atom atom = entry.getKey();
      Rational power = entry.getValue();
      if (atom.equals(Atom.IMAGINARY)) {
        int turns = floor(power.over(FOUR)).negate().intValueExact();
        int quarter = power.plus(FOUR.times(Rational.of(turns))).numerator().intValueExact();
        coefficient = quarter >= 2 ? coefficient.negate() : coefficient;
        power = Rational.of(quarter % 2);
      } else if (atom.value() != null) {
        BigInteger whole = floor(power);
        power = power.minus(Rational.of(whole));
        if (whole.bitLength() > 10) {
          throw new FormulaException("a power too large to expand");
        }
        if (atom.value().isRational()) {
          Rational number = atom.value().rational();
          coefficient = coefficient.times(number.power(whole.intValueExact()));
        } else if (whole.signum() < 0) {
          throw new FormulaException("a root below a fraction line");
        } else {
          rest = rest.times(power(atom.value(), whole.intValueExact(), budget), budget);
        }
      }
      if (!power.equals(Rational.ZERO)) {
        kept.put(atom, power);
      }
    }
    Polynomial term = of(new Monomial(ImmutableSortedMap.copyOf(kept)), coefficient);
    return rest.isOne() ? term : rest.times(term, budget);
  }

  /** A power that is not negative. */
  static Polynomial power(Polynomial base, int exponent, Budget budget) throws FormulaException {
    Polynomial power = ONE;
    for (int i = 0; i < exponent; i++) {
      power = power.times(base, budget);
    }
    return power;
  }

  static BigInteger floor(Rational value) {
    BigInteger[] parts = value.numerator().divideAndRemainder(value.denominator());
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static void add(SortedMap<Monomial, Rational> sum, Monomial monomial, Rational more)
      throws FormulaException {
    Rational total = sum.getOrDefault(monomial, Rational.ZERO).plus(more);
    if (total.bits() > MOST_BITS) {
      throw new FormulaException("a coefficient too large");
    }
    if (total.equals(Rational.ZERO)) {
      sum.remove(monomial);
    } else {
      sum.put(monomial, total);
    }
  }

  private static Polynomial bounded(SortedMap<Monomial, Rational> terms) throws FormulaException {
    if (terms.size() > MOST_TERMS) {
      throw new FormulaException("too many terms");
    }
    return new Polynomial(ImmutableSortedMap.copyOf(terms));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    terms.forEach((monomial, coefficient) -> text.append(monomial).append(coefficient).append('+'));
    return text.toString();
  }
}
