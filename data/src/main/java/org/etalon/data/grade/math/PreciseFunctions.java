package org.etalon.data.grade.math;

import java.util.Optional;
import org.apfloat.Apcomplex;
import org.apfloat.ApcomplexMath;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;

/** Functions of one number to the precision of {@link Precise}. */
final class PreciseFunctions {
  /** Our choice: beyond that an exponential is too large, and an angle too far, to tell. */
  private static final double LARGEST_ARGUMENT = 140;

  private static final Apfloat ONE = new Apfloat(1, Precise.DIGITS);
  private static final Apfloat TEN = new Apfloat(10, Precise.DIGITS);
  private static final Apfloat HALF = new Apfloat("0.5", Precise.DIGITS);

  private PreciseFunctions() {}

  /** The value of a function; empty if the function is not known. */
  static Optional<Apcomplex> of(String function, Apcomplex x) throws FormulaException {
    Apcomplex value =
        switch (function) {
          case "sin" -> sine(x);
          case "cos" -> cosine(x);
          case "tan" -> over(sine(x), cosine(x));
          case "cot" -> over(cosine(x), sine(x));
          case "sec" -> over(ONE, cosine(x));
          case "csc" -> over(ONE, sine(x));
          case "arcsin" -> arcsine(x);
          case "arccos" -> half(Exponential.PI).subtract(arcsine(x));
          case "arctan" -> arctangent(x);
          case "sinh" -> half(exp(x).subtract(exp(x.negate())));
          case "cosh" -> half(exp(x).add(exp(x.negate())));
          case "tanh" -> over(exp(x).subtract(exp(x.negate())), exp(x).add(exp(x.negate())));
          case "exp" -> exp(x);
          // Both writings of the natural logarithm are in use; to base 10 it is lg.
          case "ln", "log" -> Exponential.log(x);
          case "lg" -> Exponential.log(x).divide(Exponential.log(TEN));
          case "abs" -> ApcomplexMath.abs(x);
          case "floor" -> floor(real(x));
          case "ceil" -> floor(real(x).negate()).negate();
          case "factorial" -> factorial(x);
          default -> null;
        };
    return Optional.ofNullable(value);
  }

  private static Apcomplex exp(Apcomplex x) throws FormulaException {
    if (ApcomplexMath.abs(x).doubleValue() > LARGEST_ARGUMENT) {
      throw new FormulaException("an argument too large");
    }
    return Exponential.of(x);
  }

  private static Apcomplex half(Apcomplex x) {
    return x.multiply(HALF);
  }

  /** Real for real numbers. */
  static Apcomplex sine(Apcomplex x) throws FormulaException {
    Apcomplex turned = exp(Exponential.I.multiply(x));
    if (x.imag().signum() == 0) {
      return turned.imag();
    }
    return half(turned.subtract(exp(Exponential.I.multiply(x).negate()))).divide(Exponential.I);
  }

  private static Apcomplex cosine(Apcomplex x) throws FormulaException {
    Apcomplex turned = exp(Exponential.I.multiply(x));
    return x.imag().signum() == 0
        ? turned.real()
        : half(turned.add(exp(Exponential.I.multiply(x).negate())));
  }

  /** −i log(ix + √(1−x²)). */
  private static Apcomplex arcsine(Apcomplex x) {
    Apcomplex rest = ONE.subtract(x.multiply(x));
    Apcomplex root = rest.equals(Apcomplex.ZERO) ? rest : Exponential.root(rest, 2);
    boolean real = x.imag().signum() == 0 && ApfloatMath.abs(x.real()).compareTo(Apfloat.ONE) <= 0;
    Apcomplex value =
        Exponential.log(Exponential.I.multiply(x).add(root)).multiply(Exponential.I.negate());
    return real ? value.real() : value;
  }

  /** (log(1+ix) − log(1−ix)) / 2i. */
  private static Apcomplex arctangent(Apcomplex x) {
    Apcomplex turned = Exponential.I.multiply(x);
    Apcomplex value =
        half(Exponential.log(ONE.add(turned)).subtract(Exponential.log(ONE.subtract(turned))))
            .divide(Exponential.I);
    return x.imag().signum() == 0 ? value.real() : value;
  }

  private static Apcomplex over(Apcomplex over, Apcomplex under) throws FormulaException {
    if (under.scale() < -Precise.DIGITS + 20 || under.equals(Apcomplex.ZERO)) {
      throw new FormulaException("division by zero");
    }
    return over.divide(under);
  }

  private static Apfloat real(Apcomplex x) throws FormulaException {
    if (!Precise.isReal(x)) {
      throw new FormulaException("not real");
    }
    return x.real();
  }

  /** The whole number below, or the one that is missed by rounding only. */
  private static Apfloat floor(Apfloat x) {
    Apfloat nearest = x.add(HALF).floor();
    boolean whole = ApfloatMath.abs(x.subtract(nearest)).scale() < -Precise.DIGITS / 2;
    return whole ? nearest : x.floor();
  }

  static Apcomplex factorial(Apcomplex x) throws FormulaException {
    Apfloat value = real(x);
    double size = value.doubleValue();
    if (Math.abs(size) > 50) {
      throw new FormulaException("a factorial too large");
    }
    if (value.frac().signum() == 0) {
      if (value.signum() < 0) {
        throw new FormulaException("a factorial of a negative number");
      }
      Apfloat product = new Apfloat(1, Precise.DIGITS);
      for (long i = value.longValueExact(); i > 1; i--) {
        product = product.multiply(new Apfloat(i, Precise.DIGITS));
      }
      return product;
    }
    throw new FormulaException("a factorial of a fraction");
  }
}
