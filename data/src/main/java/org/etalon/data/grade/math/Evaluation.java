package org.etalon.data.grade.math;

import com.google.common.hash.Hashing;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.special.Gamma;

/**
 * The value of a formula, roughly, where every variable has a number that its name and the point
 * choose: it tells different formulas apart soon, and never says that two are the same.
 *
 * @param point which numbers; from {@link #POSITIVE} on they have either sign
 * @param budget what each node takes one unit of
 */
record Evaluation(int point, Budget budget) {
  /** Our choice: doubles that differ by more, relative to the larger, are different numbers. */
  private static final double DIFFERENT = 1e-6;

  /** Points at which variables are positive. */
  private static final int POSITIVE = 2;

  /** All points. */
  private static final int POINTS = 3;

  /** Whether two formulas surely differ somewhere. */
  static boolean differ(Node a, Node b, Budget budget) {
    for (int point = 0; point < POINTS; point++) {
      try {
        Evaluation at = new Evaluation(point, budget);
        Complex x = at.number(a);
        Complex y = at.number(b);
        boolean says = point < POSITIVE || (isReal(x) && isReal(y));
        if (says && x.subtract(y).abs() > DIFFERENT * Math.max(x.abs(), y.abs())) {
          // What is nearly 0 may be what rounding leaves of a sum.
          return Math.max(x.abs(), y.abs()) > 1e-6;
        }
      } catch (FormulaException e) {
        // No finite value as double says nothing.
      }
    }
    return false;
  }

  private static boolean isReal(Complex x) {
    return Math.abs(x.getImaginary()) <= 1e-12 * Math.abs(x.getReal());
  }

  /**
   * The value of a formula that is one number.
   *
   * @throws FormulaException if it is none, or has no finite value here
   */
  Complex number(Node node) throws FormulaException {
    Complex value = value(node);
    if (value.isNaN() || value.isInfinite()) {
      throw new FormulaException("no finite value");
    }
    return value;
  }

  private Complex value(Node node) throws FormulaException {
    budget.spend(1);
    if (node instanceof Node.Num number) {
      return new Complex(
          new BigDecimal(number.value().numerator())
              .divide(new BigDecimal(number.value().denominator()), MathContext.DECIMAL64)
              .doubleValue());
    }
    if (node instanceof Node.Symbol symbol) {
      return symbol(symbol.name());
    }
    if (node instanceof Node.Sum sum) {
      Complex value = Complex.ZERO;
      for (Node term : sum.terms()) {
        value = value.add(number(term));
      }
      return value;
    }
    if (node instanceof Node.Product product) {
      Complex value = Complex.ONE;
      for (Node factor : product.factors()) {
        value = value.multiply(number(factor));
      }
      return value;
    }
    if (node instanceof Node.Quotient quotient) {
      return number(quotient.over()).divide(number(quotient.under()));
    }
    if (node instanceof Node.Power power) {
      return power(number(power.base()), power.exponent());
    }
    if (node instanceof Node.Root root) {
      return root(number(root.of()), root.degree());
    }
    if (node instanceof Node.Ratio ratio && ratio.parts().size() == 2) {
      return number(ratio.parts().get(0)).divide(number(ratio.parts().get(1)));
    }
    if (node instanceof Node.Apply apply) {
      return apply(apply);
    }
    throw new FormulaException("no number");
  }

  private Complex power(Complex base, Node exponent) throws FormulaException {
    Complex times = number(exponent);
    if (base.equals(Complex.ZERO) && times.getReal() <= 0) {
      throw new FormulaException("zero to a power that is not positive");
    }
    boolean small = times.getImaginary() == 0 && times.getReal() == Math.rint(times.getReal());
    if (small && Math.abs(times.getReal()) <= 64) {
      Complex result = Complex.ONE;
      for (int i = 0; i < Math.abs(times.getReal()); i++) {
        result = result.multiply(base);
      }
      return times.getReal() < 0 ? Complex.ONE.divide(result) : result;
    }
    return base.equals(Complex.ZERO) ? base : base.pow(times);
  }

  /** The real root where there is one. */
  private static Complex root(Complex of, int degree) {
    if (of.getImaginary() == 0 && (of.getReal() >= 0 || degree % 2 == 1)) {
      double size = Math.pow(Math.abs(of.getReal()), 1.0 / degree);
      return new Complex(degree == 2 ? Math.sqrt(of.getReal()) : Math.copySign(size, of.getReal()));
    }
    return degree == 2 ? of.sqrt() : of.pow(1.0 / degree);
  }

  private Complex symbol(String name) throws FormulaException {
    return switch (name) {
      case "pi" -> new Complex(Math.PI);
      case "e" -> new Complex(Math.E);
      case "i" -> Complex.I;
      case "infinity" -> throw new FormulaException("infinity");
      default -> new Complex(chosen(name));
    };
  }

  /** A number for a name: from ½ to 2½, at later points with either sign. */
  private double chosen(String name) {
    long hash = Hashing.sha256().hashString(point + ":" + name, StandardCharsets.UTF_8).asLong();
    double size = 0.5 + 2.0 * (hash >>> 11) / (1L << 53);
    return point >= POSITIVE && (hash & 1) == 0 ? -size : size;
  }

  private Complex apply(Node.Apply apply) throws FormulaException {
    List<Complex> x = new ArrayList<>();
    if (apply.function().matches("sum|prod") && apply.arguments().size() == 4) {
      Optional<List<Node>> terms = Series.terms(apply);
      if (terms.isPresent()) {
        return number(
            apply.function().equals("sum")
                ? new Node.Sum(terms.get())
                : new Node.Product(terms.get()));
      }
    }
    for (Node argument : apply.arguments()) {
      x.add(number(argument));
    }
    if (x.size() == 1) {
      Complex known = known(apply.function(), x.get(0));
      if (known != null) {
        return known;
      }
    }
    if (x.size() == 2 && apply.function().equals("log")) {
      return x.get(1).log().divide(x.get(0).log());
    }
    if (x.size() == 2 && apply.function().equals("binom")) {
      return factorial(x.get(0))
          .divide(factorial(x.get(1)).multiply(factorial(x.get(0).subtract(x.get(1)))));
    }
    return unknown(apply.function(), x);
  }

  private static Complex known(String function, Complex x) throws FormulaException {
    return switch (function) {
      case "sin" -> x.sin();
      case "cos" -> x.cos();
      case "tan" -> x.tan();
      case "cot" -> x.cos().divide(x.sin());
      case "sec" -> Complex.ONE.divide(x.cos());
      case "csc" -> Complex.ONE.divide(x.sin());
      case "arcsin" -> x.asin();
      case "arccos" -> x.acos();
      case "arctan" -> x.atan();
      case "sinh" -> x.sinh();
      case "cosh" -> x.cosh();
      case "tanh" -> x.tanh();
      case "exp" -> x.exp();
      // Both writings of the natural logarithm are in use; to base 10 it is lg.
      case "ln", "log" -> x.log();
      case "lg" -> x.log().divide(Math.log(10));
      case "abs" -> new Complex(x.abs());
      case "floor" -> new Complex(Math.floor(real(x)));
      case "ceil" -> new Complex(Math.ceil(real(x)));
      case "factorial" -> factorial(x);
      default -> null;
    };
  }

  private static double real(Complex x) throws FormulaException {
    if (x.getImaginary() != 0) {
      throw new FormulaException("not real");
    }
    return x.getReal();
  }

  private static Complex factorial(Complex x) throws FormulaException {
    double value = real(x);
    if (value < 0 && value == Math.rint(value)) {
      throw new FormulaException("a factorial of a negative number");
    }
    return new Complex(
        value == Math.rint(value) && value < 170
            ? Math.rint(Gamma.gamma(value + 1))
            : Gamma.gamma(value + 1));
  }

  /** A smooth function that its name chooses: equal arguments give equal values. */
  private Complex unknown(String function, List<Complex> x) {
    Complex value = new Complex(chosen(function + "/"));
    for (int i = 0; i < x.size(); i++) {
      Complex slope = new Complex(chosen(function + "/" + i));
      value = value.add(x.get(i).multiply(slope).sin().multiply(1.3 + i));
    }
    return value;
  }
}
