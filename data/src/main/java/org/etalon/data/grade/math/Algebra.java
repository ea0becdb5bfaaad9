package org.etalon.data.grade.math;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.etalon.data.grade.Rational;

/**
 * Expands formulas exactly: fractions, roots of them, and rational functions of variables, π, e and
 * i. What is none of these becomes an atom that equals only itself.
 */
final class Algebra {
  /** Our choice: of larger numbers no factorial is expanded. */
  private static final int LARGEST_FACTORIAL = 2_000;

  /** Our choice: binomial coefficients of variables are written out up to this many factors. */
  private static final int LONGEST_BINOMIAL = 12;

  /** Our choice: longer sums and products of a running index are not written out. */
  static final int LONGEST_SERIES = 200;

  private final Budget budget;

  Algebra(Budget budget) {
    this.budget = budget;
  }

  /**
   * The expanded formula.
   *
   * @throws FormulaException if it is no number, has no value, or is too large to expand
   */
  Quotient of(Node node) throws FormulaException {
    budget.spend(1);
    if (node instanceof Node.Num number) {
      return Quotient.of(bounded(number.value()));
    }
    if (node instanceof Node.Symbol symbol) {
      return symbol(symbol.name());
    }
    if (node instanceof Node.Sum sum) {
      Quotient value = of(sum.terms().get(0));
      for (Node term : sum.terms().subList(1, sum.terms().size())) {
        value = value.plus(of(term), budget);
      }
      return value;
    }
    if (node instanceof Node.Product product) {
      Quotient value = Quotient.ONE;
      for (Node factor : product.factors()) {
        value = value.times(of(factor), budget);
      }
      return value;
    }
    if (node instanceof Node.Quotient quotient) {
      return of(quotient.over()).times(of(quotient.under()).inverse(budget), budget);
    }
    if (node instanceof Node.Ratio ratio && ratio.parts().size() == 2) {
      return of(ratio.parts().get(0)).times(of(ratio.parts().get(1)).inverse(budget), budget);
    }
    if (node instanceof Node.Root root) {
      return root(of(root.of()), root.degree(), true);
    }
    if (node instanceof Node.Power power) {
      return power(of(power.base()), of(power.exponent()));
    }
    if (node instanceof Node.Apply apply) {
      return apply(apply);
    }
    throw new FormulaException("no number");
  }

  private static Rational bounded(Rational value) throws FormulaException {
    if (value.bits() > Polynomial.MOST_BITS) {
      throw new FormulaException("a number too large to expand");
    }
    return value;
  }

  private static Quotient symbol(String name) throws FormulaException {
    Atom atom =
        switch (name) {
          case "infinity", "empty" -> throw new FormulaException("no number");
          case "i" -> Atom.IMAGINARY;
          case "pi", "e" -> new Atom(Atom.Kind.CONSTANT, name, null);
          default -> new Atom(Atom.Kind.VARIABLE, name, null);
        };
    return Quotient.of(Polynomial.of(atom, Rational.ONE));
  }

  private static Quotient opaque(String name) {
    return Quotient.of(Polynomial.of(new Atom(Atom.Kind.OPAQUE, name, null), Rational.ONE));
  }

  private Quotient power(Quotient base, Quotient exponent) throws FormulaException {
    Optional<Rational> times = exponent.rational();
    boolean readable =
        times.isPresent() && times.get().bits() <= 24 && times.get().denominator().bitLength() <= 8;
    if (!readable) {
      if (base.over().isZero()) {
        throw new FormulaException("zero to a power that is not known");
      }
      return opaque("(" + base + ")^(" + exponent + ")");
    }
    int over = times.get().numerator().intValueExact();
    int degree = times.get().denominator().intValueExact();
    Optional<Rational> number = base.rational();
    boolean large =
        number.isPresent()
            && (long) number.get().bits() * Math.abs((long) over) > Polynomial.MOST_BITS;
    if (large && degree == 1) {
      return opaque("(" + base + ")^(" + exponent + ")");
    }
    return (degree == 1 ? base : root(base, degree, false)).power(over, budget);
  }

  /**
   * A root.
   *
   * @param sign whether an odd root of a negative number is the negative one
   */
  private Quotient root(Quotient of, int degree, boolean sign) throws FormulaException {
    if (degree == 1 || of.over().isZero()) {
      return of;
    }
    if (!of.under().isOne()) {
      Quotient over = Quotient.of(of.over());
      Quotient under = Quotient.of(of.under());
      boolean positive = isPositive(of.under());
      return positive
          ? root(over, degree, sign).times(root(under, degree, sign).inverse(budget), budget)
          : opaque("(" + of + ")^(1/" + degree + ")");
    }
    Polynomial radicand = of.over();
    Rational content = content(radicand);
    Polynomial primitive = radicand.times(Polynomial.of(Rational.ONE.over(content)), budget);
    Polynomial rest = rootOfPrimitive(primitive, degree, sign);
    return Quotient.of(rest.times(rootOf(content, degree), budget));
  }

  private static boolean isPositive(Polynomial polynomial) {
    return polynomial.terms().values().stream().allMatch(c -> c.compareTo(Rational.ZERO) > 0)
        && polynomial.terms().keySet().stream()
            .allMatch(m -> m.powers().keySet().stream().allMatch(Atom::isPositive));
  }

  private Polynomial rootOfPrimitive(Polynomial primitive, int degree, boolean sign)
      throws FormulaException {
    if (primitive.isOne()) {
      return primitive;
    }
    Rational part = Rational.ONE.over(Rational.of(degree));
    Map.Entry<Monomial, Rational> first = primitive.terms().firstEntry();
    if (primitive.terms().size() == 1) {
      boolean positive = first.getValue().compareTo(Rational.ZERO) > 0;
      Monomial monomial = first.getKey();
      boolean variable =
          monomial.powers().size() == 1 && monomial.powers().values().contains(Rational.ONE);
      boolean exact = monomial.powers().keySet().stream().allMatch(Atom::isPositive);
      if (!positive && exact && degree == 2) {
        return Polynomial.of(Atom.IMAGINARY, Rational.ONE)
            .times(rootOfPrimitive(primitive.negate(), degree, sign), budget);
      }
      if (!positive && exact && sign && degree % 2 == 1) {
        return rootOfPrimitive(primitive.negate(), degree, true).negate();
      }
      if (positive && (exact || (variable && !monomial.powers().containsKey(Atom.IMAGINARY)))) {
        SortedMap<Atom, Rational> powers = new TreeMap<>();
        monomial.powers().forEach((atom, power) -> powers.put(atom, power.times(part)));
        return Polynomial.reduced(powers, Rational.ONE, budget);
      }
    }
    return Polynomial.of(new Atom(Atom.Kind.RADICAND, "(" + primitive + ")", primitive), part);
  }

  /** The positive number by which all coefficients can be divided so that whole ones are left. */
  private static Rational content(Polynomial polynomial) {
    BigInteger over = BigInteger.ZERO;
    BigInteger under = BigInteger.ONE;
    for (Rational coefficient : polynomial.terms().values()) {
      over = over.gcd(coefficient.numerator());
      under =
          under.multiply(coefficient.denominator()).divide(under.gcd(coefficient.denominator()));
    }
    return new Rational(over, under);
  }

  private Polynomial rootOf(Rational positive, int degree) throws FormulaException {
    Polynomial over = rootOf(positive.numerator(), BigInteger.ONE, degree);
    return over.times(rootOf(positive.denominator(), BigInteger.ONE.negate(), degree), budget);
  }

  private Polynomial rootOf(BigInteger whole, BigInteger sign, int degree) throws FormulaException {
    SortedMap<Atom, Rational> powers = new TreeMap<>();
    for (Map.Entry<BigInteger, Integer> factor : Factors.of(whole, budget).entrySet()) {
      BigInteger prime = factor.getKey();
      Atom.Kind kind = Factors.isPrime(prime) ? Atom.Kind.PRIME : Atom.Kind.RADICAND;
      Rational power =
          new Rational(
              sign.multiply(BigInteger.valueOf(factor.getValue())), BigInteger.valueOf(degree));
      powers.put(new Atom(kind, prime.toString(), Polynomial.of(Rational.of(prime))), power);
    }
    return Polynomial.reduced(powers, Rational.ONE, budget);
  }

  private Quotient apply(Node.Apply apply) throws FormulaException {
    if (apply.function().matches("sum|prod") && apply.arguments().size() == 4) {
      Optional<List<Node>> terms = Series.terms(apply);
      if (terms.isPresent()) {
        return of(
            apply.function().equals("sum")
                ? new Node.Sum(terms.get())
                : new Node.Product(terms.get()));
      }
    }
    List<Quotient> arguments = new ArrayList<>();
    for (Node argument : apply.arguments()) {
      arguments.add(of(argument));
    }
    List<Optional<Rational>> numbers = arguments.stream().map(Quotient::rational).toList();
    if (!numbers.isEmpty() && numbers.stream().allMatch(Optional::isPresent)) {
      Optional<Rational> value =
          known(apply.function(), numbers.stream().map(Optional::get).toList());
      if (value.isPresent()) {
        return Quotient.of(value.get());
      }
    }
    if (apply.function().equals("binom") && arguments.size() == 2) {
      Optional<Rational> below = numbers.get(1);
      boolean few =
          below.isPresent()
              && below.get().isInteger()
              && below.get().numerator().signum() >= 0
              && below.get().compareTo(Rational.of(LONGEST_BINOMIAL)) <= 0;
      if (few) {
        return binomial(arguments.get(0), below.get().numerator().intValueExact());
      }
      Node n = apply.arguments().get(0);
      Node k = apply.arguments().get(1);
      return factorial(n)
          .times(factorial(k).times(factorial(Nodes.minus(n, k)), budget).inverse(budget), budget);
    }
    if (apply.function().equals("exp") && arguments.size() == 1) {
      return power(symbol("e"), arguments.get(0));
    }
    return opaque(apply.function() + arguments);
  }

  private Quotient factorial(Node of) throws FormulaException {
    return apply(new Node.Apply("factorial", List.of(of)));
  }

  /** {@code n(n−1)…(n−k+1)/k!}. */
  private Quotient binomial(Quotient n, int k) throws FormulaException {
    Quotient value = Quotient.ONE;
    for (int i = 0; i < k; i++) {
      Quotient factor = n.plus(Quotient.of(Rational.of(-i)), budget);
      Quotient part = Quotient.of(Rational.ONE.over(Rational.of(i + 1)));
      value = value.times(factor.times(part, budget), budget);
    }
    return value;
  }

  /** The value of a function of fractions that is a fraction itself. */
  private Optional<Rational> known(String function, List<Rational> x) throws FormulaException {
    Rational first = x.get(0);
    boolean negative = first.compareTo(Rational.ZERO) < 0;
    return switch (function) {
      case "abs" -> Optional.of(negative ? first.negate() : first);
      case "floor" -> Optional.of(Rational.of(Polynomial.floor(first)));
      case "ceil" -> Optional.of(Rational.of(Polynomial.floor(first.negate()).negate()));
      case "factorial" -> factorial(first).map(Rational::of);
      case "max" -> x.stream().max(Rational::compareTo);
      case "min" -> x.stream().min(Rational::compareTo);
      case "gcd", "lcm" -> x.stream().allMatch(Rational::isInteger) ? divisor(function, x) : none();
      case "binom" -> x.size() == 2 ? binomial(first, x.get(1)) : none();
      default -> none();
    };
  }

  private static Optional<Rational> none() {
    return Optional.empty();
  }

  private static Optional<Rational> divisor(String function, List<Rational> x) {
    BigInteger value = x.get(0).numerator().abs();
    for (Rational next : x.subList(1, x.size())) {
      BigInteger other = next.numerator().abs();
      BigInteger common = value.gcd(other);
      if (function.equals("gcd") || common.signum() == 0) {
        value = common;
      } else {
        value = value.divide(common).multiply(other);
      }
    }
    return value.bitLength() > Polynomial.MOST_BITS
        ? Optional.empty()
        : Optional.of(Rational.of(value));
  }

  private Optional<BigInteger> factorial(Rational of) throws FormulaException {
    if (of.isInteger() && of.numerator().signum() < 0) {
      throw new FormulaException("a factorial of a negative number");
    }
    if (!of.isInteger() || of.numerator().compareTo(BigInteger.valueOf(LARGEST_FACTORIAL)) > 0) {
      return Optional.empty();
    }
    BigInteger value = BigInteger.ONE;
    for (int i = of.numerator().intValueExact(); i > 1; i--) {
      budget.spend(1 + value.bitLength() / 64);
      value = value.multiply(BigInteger.valueOf(i));
    }
    return Optional.of(value);
  }

  private Optional<Rational> binomial(Rational n, Rational k) throws FormulaException {
    if (k.isInteger() && n.isInteger() && (k.numerator().signum() < 0 || n.compareTo(k) < 0)) {
      return n.numerator().signum() < 0 ? none() : Optional.of(Rational.ZERO);
    }
    Optional<BigInteger> top = factorial(n);
    Optional<BigInteger> below = factorial(k);
    Optional<BigInteger> rest = factorial(n.minus(k));
    return top.isPresent() && below.isPresent() && rest.isPresent()
        ? Optional.of(new Rational(top.get(), below.get().multiply(rest.get())))
        : Optional.empty();
  }
}
