package org.etalon.data.grade.math;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apfloat.Apcomplex;
import org.etalon.data.grade.Rational;

/**
 * When two terms have the same value, whatever their variables are.
 *
 * <p>First exactly, by {@link Algebra}: fractions, roots of fractions and rational functions of
 * variables are told for certain. For anything else doubles may say that two terms differ, and only
 * {@link Precise} says that they are the same, at three points chosen by a hash of both terms.
 */
final class Scalars {
  private static final int POINTS = 3;
  private static final int POSITIVE_POINTS = 2;

  private final Budget budget;

  Scalars(Budget budget) {
    this.budget = budget;
  }

  /** Whether two terms are the same. */
  boolean equal(Node a, Node b) {
    Optional<Integer> infinity = infinity(a);
    if (infinity.isPresent() || infinity(b).isPresent()) {
      return infinity.equals(infinity(b));
    }
    if (a.equals(b)) {
      return true;
    }
    return isSame(a, b) || Rounding.same(a, b, budget);
  }

  private boolean isSame(Node a, Node b) {
    Optional<Boolean> exactly = exactly(a, b);
    if (exactly.isPresent()) {
      return exactly.get();
    }
    if (Evaluation.differ(a, b, budget)) {
      return false;
    }
    boolean said = false;
    for (int point = 0; point < POINTS; point++) {
      try {
        Optional<Boolean> same =
            new Precise(seed(a, b) + point, point < POSITIVE_POINTS, budget).isSame(a, b);
        if (same.isPresent() && !same.get()) {
          return false;
        }
        said |= same.isPresent();
      } catch (FormulaException e) {
        if (point < POSITIVE_POINTS) {
          return false;
        }
      }
    }
    return said;
  }

  private Optional<Boolean> exactly(Node a, Node b) {
    try {
      Algebra algebra = new Algebra(budget);
      return algebra.of(a).isSame(algebra.of(b), budget);
    } catch (FormulaException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** The same for both orders, so that the verdict is. */
  private static String seed(Node a, Node b) {
    Set<String> both = new TreeSet<>(List.of(a.toString(), b.toString()));
    return Hashing.sha256().hashString(both.toString(), StandardCharsets.UTF_8).toString();
  }

  /** The exact value of a term that is a fraction. */
  Optional<Rational> rational(Node node) {
    try {
      return new Algebra(budget).of(node).rational();
    } catch (FormulaException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** 1 or -1 for {@code ±∞}. */
  Optional<Integer> infinity(Node node) {
    if (node instanceof Node.Symbol symbol && symbol.name().equals("infinity")) {
      return Optional.of(1);
    }
    if (node instanceof Node.Product product
        && product.factors().size() == 2
        && infinity(product.factors().get(1)).isPresent()) {
      return rational(product.factors().get(0)).map(sign -> sign.numerator().signum());
    }
    return Optional.empty();
  }

  /**
   * The sign of the number that one term is of another, whatever their variables are; empty if it
   * is none.
   *
   * @param shared whether terms count that are 0 together, as the sides of equations
   */
  Optional<Integer> proportion(Node a, Node b, boolean shared) {
    try {
      Algebra algebra = new Algebra(budget);
      Quotient x = algebra.of(a);
      Quotient y = algebra.of(b);
      if (x.over().isZero() || y.over().isZero()) {
        return Optional.empty();
      }
      Quotient ratio = x.times(y.inverse(budget), budget);
      Optional<Integer> sign = ratio.constantSign(budget);
      if (sign.isEmpty() && shared) {
        sign = new Quotient(x.over().whole(), y.over().whole()).constantSign(budget);
      }
      if (sign.isPresent() || (ratio.over().isOfVariables() && ratio.under().isOfVariables())) {
        return sign;
      }
    } catch (FormulaException | ArithmeticException e) {
      // Not exactly, then by values.
    }
    return proportionByValues(new Node.Quotient(a, b));
  }

  private Optional<Integer> proportionByValues(Node ratio) {
    Apcomplex first = null;
    for (int point = 0; point < POINTS; point++) {
      try {
        Precise at = new Precise(seed(ratio, ratio) + point, point < POSITIVE_POINTS, budget);
        Apcomplex value = at.of(ratio);
        if (!Precise.isReal(value)
            || value.real().signum() == 0
            || (first != null && !at.isNear(first, value))) {
          return Optional.empty();
        }
        first = value;
      } catch (FormulaException e) {
        if (point < POSITIVE_POINTS) {
          return Optional.empty();
        }
      }
    }
    return Optional.ofNullable(first).map(value -> value.real().signum());
  }
}
