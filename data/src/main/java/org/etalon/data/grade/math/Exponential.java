package org.etalon.data.grade.math;

import org.apfloat.Apcomplex;
import org.apfloat.Apfloat;
import org.apfloat.ApfloatMath;

/**
 * Exponential and logarithm to the digits of {@link Precise}, from which every other elementary
 * function is made. By Taylor's series after halving the argument, and by Halley's iteration from
 * the logarithm as double: some fifty times as fast as Apfloat's own at this length, which are made
 * for millions of digits.
 */
final class Exponential {
  private static final int GUARDED = Precise.DIGITS + 20;
  private static final Apfloat ONE = new Apfloat(1, GUARDED);
  private static final Apfloat TWO = new Apfloat(2, GUARDED);
  private static final Apfloat SMALL = new Apfloat("1e-" + GUARDED, GUARDED);

  /** Each triples the digits that are right: 16, 48, 144, all. */
  private static final int ITERATIONS = 3;

  static final Apfloat PI = ApfloatMath.pi(GUARDED);
  static final Apcomplex I = new Apcomplex(Apfloat.ZERO, ONE);
  static final Apcomplex E = of(ONE);

  private Exponential() {}

  private static Apcomplex guarded(Apcomplex x) {
    return x.imag().signum() == 0
        ? x.real().precision(GUARDED)
        : new Apcomplex(x.real().precision(GUARDED), x.imag().precision(GUARDED));
  }

  private static double size(Apcomplex x) {
    return Math.hypot(x.real().doubleValue(), x.imag().doubleValue());
  }

  /** e to the power of a number of moderate size. */
  static Apcomplex of(Apcomplex exponent) {
    double size = size(exponent);
    int halvings = 8 + (size > 1 ? Math.getExponent(size) + 1 : 0);
    Apcomplex x = guarded(exponent).divide(new Apfloat(1L << halvings, GUARDED));
    Apcomplex sum = ONE;
    Apcomplex term = ONE;
    for (int n = 1; isLarge(term); n++) {
      term = guarded(term.multiply(x).divide(new Apfloat(n, GUARDED)));
      sum = sum.add(term);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum);
    }
    return sum;
  }

  private static boolean isLarge(Apcomplex term) {
    return term.scale() > -GUARDED
        && (ApfloatMath.abs(term.real()).compareTo(SMALL) > 0
            || ApfloatMath.abs(term.imag()).compareTo(SMALL) > 0);
  }

  /**
   * The principal logarithm.
   *
   * @throws ArithmeticException for 0
   */
  static Apcomplex log(Apcomplex of) {
    if (of.equals(Apcomplex.ZERO)) {
      throw new ArithmeticException("logarithm of zero");
    }
    Apcomplex x = guarded(of);
    double angle = Math.atan2(of.imag().doubleValue(), of.real().doubleValue());
    Apfloat start = new Apfloat(Math.log(size(of)), GUARDED);
    Apcomplex y = angle == 0 ? start : new Apcomplex(start, new Apfloat(angle, GUARDED));
    for (int i = 0; i < ITERATIONS; i++) {
      Apcomplex power = of(y);
      y = guarded(y.add(TWO.multiply(x.subtract(power)).divide(x.add(power))));
    }
    return y;
  }

  /** {@code base} to a power, the principal value. */
  static Apcomplex power(Apcomplex base, Apcomplex exponent) {
    return of(log(base).multiply(exponent));
  }

  /** The principal root. */
  static Apcomplex root(Apcomplex of, int degree) {
    return of(log(of).divide(new Apfloat(degree, GUARDED)));
  }
}
