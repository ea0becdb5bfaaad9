package org.etalon.data.grade.math;

import com.google.common.hash.Hashing;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apfloat.Apcomplex;
import org.apfloat.ApcomplexMath;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;
import org.apfloat.ApfloatRuntimeException;
import org.apfloat.Apint;
import org.etalon.data.grade.Rational;

/**
 * The value of a formula to {@value #DIGITS} digits at one of the points that a seed chooses.
 *
 * <p>Two values are the same when they differ by less than 10⁻¹²⁰ of the larger, or by less than
 * 10⁻¹⁴⁰ of the largest term or argument on the way to them, which is what rounding leaves. Our
 * choice: no value, and none on the way, is larger than 10⁶⁰ or smaller than 10⁻⁶⁰, so that no
 * single sum loses a term below the tolerance; what is has no value here.
 */
final class Precise {
  static final int DIGITS = 160;

  /** What an elementary function costs of the {@link Budget}. */
  static final int FUNCTION_WORK = 500;

  private static final int NOISE = 140;
  private static final int LARGEST = 60;

  /** Of values that have lost more digits on the way nothing is said. */
  private static final int LEAST_DIGITS = 50;

  private static final Apfloat RELATIVE = new Apfloat("1e-120", DIGITS);
  private static final Apfloat ROUNDING = new Apfloat("1e-" + NOISE, DIGITS);

  private final String seed;
  private final boolean positive;
  private final Budget budget;

  /** The largest term or argument met so far. */
  private Apfloat scale = Apfloat.ZERO;

  /**
   * A point.
   *
   * @param seed chooses the values of variables
   * @param positive whether they are positive
   */
  Precise(String seed, boolean positive, Budget budget) {
    this.seed = seed;
    this.positive = positive;
    this.budget = budget;
  }

  /**
   * Whether two formulas have the same value here; empty if the point says nothing: values that are
   * not real where variables have either sign, since roots and logarithms of negative numbers have
   * several.
   *
   * @throws FormulaException if either has no value here
   */
  Optional<Boolean> isSame(Node a, Node b) throws FormulaException {
    Apcomplex x = of(a);
    Apcomplex y = of(b);
    boolean says = positive || (isReal(x) && isReal(y));
    return says ? Optional.of(isNear(x, y)) : Optional.empty();
  }

  /** Whether two values are the same but for rounding. */
  boolean isNear(Apcomplex x, Apcomplex y) {
    Apfloat apart = ApcomplexMath.abs(x.subtract(y));
    if (apart.signum() == 0) {
      return true;
    }
    Apfloat size = ApfloatMath.max(ApcomplexMath.abs(x), ApcomplexMath.abs(y));
    boolean known = Math.min(x.precision(), y.precision()) >= LEAST_DIGITS;
    return (known && apart.compareTo(size.multiply(RELATIVE)) <= 0)
        || apart.compareTo(scale.multiply(ROUNDING)) <= 0;
  }

  static boolean isReal(Apcomplex x) {
    return x.imag().signum() == 0
        || ApfloatMath.abs(x.imag()).compareTo(ApcomplexMath.abs(x).multiply(RELATIVE)) <= 0;
  }

  /**
   * The value of a formula.
   *
   * @throws FormulaException if it is no number, or has no value within the bounds
   */
  Apcomplex of(Node node) throws FormulaException {
    try {
      return within(value(node));
    } catch (ArithmeticException | ApfloatRuntimeException | IllegalArgumentException e) {
      throw new FormulaException("no value: " + e.getMessage());
    }
  }

  private static Apcomplex within(Apcomplex value) throws FormulaException {
    long size = value.scale();
    boolean zero = value.real().signum() == 0 && value.imag().signum() == 0;
    // Below the noise it is a zero that rounding has blurred.
    if (!zero && (size > LARGEST || (size < -LARGEST && size > -NOISE))) {
      throw new FormulaException("too large or too small to tell");
    }
    return value;
  }

  static Apfloat number(Rational value) {
    Apfloat over = number(value.numerator());
    return value.isInteger() ? over : over.divide(number(value.denominator()));
  }

  /** Apfloat's own way from a large whole number takes milliseconds. */
  private static Apfloat number(BigInteger value) {
    return value.bitLength() < Long.SIZE
        ? new Apfloat(value.longValueExact(), DIGITS)
        : new Apfloat(value.toString(), DIGITS);
  }

  private Apcomplex value(Node node) throws FormulaException {
    budget.spend(20);
    if (node instanceof Node.Num number) {
      return number(number.value());
    }
    if (node instanceof Node.Symbol symbol) {
      return symbol(symbol.name());
    }
    if (node instanceof Node.Sum sum) {
      Apcomplex value = Apcomplex.ZERO;
      for (Node term : sum.terms()) {
        value = value.add(noted(of(term)));
      }
      return value;
    }
    if (node instanceof Node.Product product) {
      Apcomplex value = Apcomplex.ONE;
      for (Node factor : product.factors()) {
        value = within(value.multiply(of(factor)));
      }
      return value;
    }
    if (node instanceof Node.Quotient quotient) {
      return over(of(quotient.over()), of(quotient.under()));
    }
    if (node instanceof Node.Power power) {
      return power(of(power.base()), of(power.exponent()));
    }
    if (node instanceof Node.Root root) {
      return root(of(root.of()), root.degree());
    }
    if (node instanceof Node.Ratio ratio && ratio.parts().size() == 2) {
      return over(of(ratio.parts().get(0)), of(ratio.parts().get(1)));
    }
    if (node instanceof Node.Apply apply) {
      return apply(apply);
    }
    throw new FormulaException("no number");
  }

  /** Remembers how large it is: rounding errors grow with it. */
  private Apcomplex noted(Apcomplex value) {
    scale = ApfloatMath.max(scale, ApcomplexMath.abs(value));
    return value;
  }

  private Apcomplex over(Apcomplex over, Apcomplex under) throws FormulaException {
    boolean zero = isNear(under, Apcomplex.ZERO);
    if (zero) {
      throw new FormulaException("division by zero");
    }
    return over.divide(under);
  }

  private Apcomplex power(Apcomplex base, Apcomplex exponent) throws FormulaException {
    if (base.equals(Apcomplex.ZERO)) {
      if (exponent.real().signum() <= 0) {
        throw new FormulaException("zero to a power that is not positive");
      }
      return Apcomplex.ZERO;
    }
    Apfloat real = exponent.real();
    double size = ApcomplexMath.abs(base).doubleValue();
    if (Math.abs(real.doubleValue() * Math.log10(size)) > LARGEST + 1
        || Math.abs(exponent.imag().doubleValue()) > 100) {
      throw new FormulaException("a power too large or too small to tell");
    }
    boolean whole =
        exponent.imag().signum() == 0
            && real.frac().signum() == 0
            && ApfloatMath.abs(real).compareTo(new Apint(1L << 40)) < 0;
    if (whole) {
      budget.spend(60);
      return ApcomplexMath.pow(base, real.longValueExact());
    }
    budget.spend(2 * FUNCTION_WORK);
    return Exponential.power(base, exponent);
  }

  /** The real root where there is one. */
  private Apcomplex root(Apcomplex of, int degree) {
    budget.spend(FUNCTION_WORK / 2);
    if (of.equals(Apcomplex.ZERO)) {
      return of;
    }
    if (of.imag().signum() == 0 && (of.real().signum() > 0 || degree % 2 == 1)) {
      Apfloat size = ApfloatMath.root(ApfloatMath.abs(of.real()), degree);
      return of.real().signum() < 0 ? size.negate() : size;
    }
    return Exponential.root(of, degree);
  }

  private Apcomplex symbol(String name) throws FormulaException {
    return switch (name) {
      case "pi" -> Exponential.PI;
      case "e" -> Exponential.E;
      case "i" -> Exponential.I;
      case "infinity", "empty" -> throw new FormulaException("no number");
      default -> chosen(name);
    };
  }

  /** A number for a name: from ½ to 2½, of either sign where variables have either. */
  private Apfloat chosen(String name) {
    long hash = Hashing.sha256().hashString(seed + ":" + name, StandardCharsets.UTF_8).asLong();
    Apfloat size =
        new Apfloat(hash >>> 24, DIGITS)
            .divide(new Apfloat(1L << 39, DIGITS))
            .add(new Apfloat("0.5", DIGITS));
    return !positive && (hash & 1) == 0 ? size.negate() : size;
  }

  private Apcomplex apply(Node.Apply apply) throws FormulaException {
    Optional<List<Node>> series =
        apply.function().matches("sum|prod") && apply.arguments().size() == 4
            ? Series.terms(apply)
            : Optional.empty();
    if (series.isPresent()) {
      return of(
          apply.function().equals("sum")
              ? new Node.Sum(series.get())
              : new Node.Product(series.get()));
    }
    List<Apcomplex> x = new ArrayList<>();
    for (Node argument : apply.arguments()) {
      x.add(noted(of(argument)));
    }
    budget.spend(FUNCTION_WORK);
    if (x.size() == 1) {
      Optional<Apcomplex> known = PreciseFunctions.of(apply.function(), x.get(0));
      if (known.isPresent()) {
        return noted(known.get());
      }
    }
    if (x.size() == 2 && apply.function().equals("log")) {
      budget.spend(FUNCTION_WORK);
      return noted(over(Exponential.log(x.get(1)), Exponential.log(x.get(0))));
    }
    if (x.size() == 2 && apply.function().equals("binom")) {
      return over(
          PreciseFunctions.factorial(x.get(0)),
          PreciseFunctions.factorial(x.get(1))
              .multiply(PreciseFunctions.factorial(x.get(0).subtract(x.get(1)))));
    }
    return unknown(apply.function(), x);
  }

  /** A smooth function that its name chooses: equal arguments give equal values. */
  private Apcomplex unknown(String function, List<Apcomplex> x) throws FormulaException {
    Apcomplex value = chosen(function + "/");
    for (int i = 0; i < x.size(); i++) {
      budget.spend(FUNCTION_WORK);
      value = value.add(PreciseFunctions.sine(x.get(i).multiply(chosen(function + "/" + i))));
    }
    return noted(value);
  }
}
