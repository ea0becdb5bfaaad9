package org.etalon.data.grade.math;

import java.util.Optional;
import org.apfloat.Apcomplex;
import org.apfloat.Apfloat;
import org.etalon.data.grade.Rational;

/** A real number, or an infinity, that bounds a set; ordered by size. */
final class Bound implements Comparable<Bound> {
  private static final int COMPARISON_WORK = 2;

  private static final double CLEARLY = 1e-9;

  private final Node node;
  private final int infinity;
  private final Optional<Rational> exact;
  private final Apfloat value;
  private final Scalars scalars;
  private final Budget budget;

  private Bound(
      Node node,
      int infinity,
      Optional<Rational> exact,
      Apfloat value,
      Scalars scalars,
      Budget budget) {
    this.node = node;
    this.infinity = infinity;
    this.exact = exact;
    this.value = value;
    this.scalars = scalars;
    this.budget = budget;
  }

  /** The value of a formula without variables; empty for any other. */
  static Optional<Bound> of(Node node, Scalars scalars, Budget budget) {
    Optional<Integer> infinite = scalars.infinity(node);
    if (infinite.isPresent()) {
      return Optional.of(
          new Bound(node, infinite.get(), Optional.empty(), Apfloat.ZERO, scalars, budget));
    }
    if (!Nodes.names(node).isEmpty()) {
      return Optional.empty();
    }
    Optional<Rational> exact = scalars.rational(node);
    if (exact.isPresent()) {
      return Optional.of(new Bound(node, 0, exact, Precise.number(exact.get()), scalars, budget));
    }
    try {
      Apcomplex value = new Precise("", true, budget).of(node);
      return Precise.isReal(value)
          ? Optional.of(new Bound(node, 0, exact, value.real(), scalars, budget))
          : Optional.empty();
    } catch (FormulaException e) {
      return Optional.empty();
    }
  }

  boolean isInfinite() {
    return infinity != 0;
  }

  boolean isNegative() {
    return infinity < 0 || (infinity == 0 && value.signum() < 0);
  }

  Bound negative() {
    return new Bound(
        Nodes.times(Nodes.number(-1), node),
        -infinity,
        exact.map(Rational::negate),
        value.negate(),
        scalars,
        budget);
  }

  @Override
  public int compareTo(Bound other) {
    budget.spend(COMPARISON_WORK);
    if (infinity != other.infinity) {
      return Integer.compare(infinity, other.infinity);
    }
    if (exact.isPresent() && other.exact.isPresent()) {
      return exact.get().compareTo(other.exact.get());
    }
    double apart = value.doubleValue() - other.value.doubleValue();
    boolean near = Math.abs(apart) <= CLEARLY * Math.abs(value.doubleValue());
    return near && scalars.equal(node, other.node) ? 0 : value.compareTo(other.value);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Bound other && compareTo(other) == 0;
  }

  @Override
  public int hashCode() {
    return infinity;
  }
}
