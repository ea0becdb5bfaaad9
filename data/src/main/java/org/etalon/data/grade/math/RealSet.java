package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.commons.math3.complex.Complex;

/**
 * A set of real numbers as the intervals between its boundary points: equal sets are equal however
 * they were put together.
 */
final class RealSet {
  /** Boundary points in rising order. */
  private final ImmutableList<Double> points;

  /** Whether each boundary point is in the set. */
  private final ImmutableList<Boolean> atPoint;

  /** Whether what lies before each point, and after the last, is in the set. */
  private final ImmutableList<Boolean> between;

  private RealSet(List<Double> points, List<Boolean> atPoint, List<Boolean> between) {
    List<Double> keptPoints = new ArrayList<>();
    List<Boolean> keptAt = new ArrayList<>();
    List<Boolean> keptBetween = new ArrayList<>(List.of(between.get(0)));
    for (int i = 0; i < points.size(); i++) {
      boolean boundary =
          !atPoint.get(i).equals(between.get(i)) || !between.get(i).equals(between.get(i + 1));
      if (boundary) {
        keptPoints.add(points.get(i));
        keptAt.add(atPoint.get(i));
        keptBetween.add(between.get(i + 1));
      }
    }
    this.points = ImmutableList.copyOf(keptPoints);
    this.atPoint = ImmutableList.copyOf(keptAt);
    this.between = ImmutableList.copyOf(keptBetween);
  }

  /** The set that a formula describes; empty if it is none of real numbers. */
  static Optional<RealSet> of(Node node) {
    if (node instanceof Node.SetOperation operation) {
      return of(operation.left())
          .flatMap(
              left -> of(operation.right()).map(right -> left.with(right, operation.operation())));
    }
    if (node instanceof Node.Elements elements) {
      return elements(elements.items());
    }
    if (node instanceof Node.Bracketed interval && interval.items().size() == 2) {
      return interval(interval);
    }
    if (node instanceof Node.Relation relation) {
      return relation(relation);
    }
    if (node instanceof Node.Symbol symbol && symbol.name().equals("empty")) {
      return Optional.of(new RealSet(List.of(), List.of(), List.of(false)));
    }
    if (node instanceof Node.Symbol symbol && symbol.name().equals("mathbb R")) {
      return Optional.of(new RealSet(List.of(), List.of(), List.of(true)));
    }
    return Optional.empty();
  }

  /** The variable that a relation bounds; empty if there is not exactly one. */
  static Optional<Node> variable(Node.Relation relation) {
    List<Node> variables =
        relation.sides().stream()
            .filter(side -> side instanceof Node.Symbol && boundary(side).isEmpty())
            .toList();
    return variables.size() == 1 ? Optional.of(variables.get(0)) : Optional.empty();
  }

  /** {@code ±∞} if the formula is one of them. */
  static Optional<Double> infinity(Node node) {
    if (node instanceof Node.Symbol symbol && symbol.name().equals("infinity")) {
      return Optional.of(Double.POSITIVE_INFINITY);
    }
    if (node instanceof Node.Product product
        && product.factors().size() == 2
        && infinity(product.factors().get(1)).isPresent()) {
      return Exact.of(product.factors().get(0))
          .map(sign -> sign.numerator().signum() * Double.POSITIVE_INFINITY);
    }
    return Optional.empty();
  }

  /** The value of a formula without variables, infinity included. */
  private static Optional<Double> boundary(Node node) {
    Optional<Double> infinity = infinity(node);
    if (infinity.isPresent()) {
      return infinity;
    }
    try {
      Complex here = new Evaluation(0).number(node);
      Complex there = new Evaluation(1).number(node);
      boolean constant =
          here.getImaginary() == 0 && here.subtract(there).abs() <= 1e-12 * here.abs();
      return constant ? Optional.of(here.getReal()) : Optional.empty();
    } catch (FormulaException e) {
      return Optional.empty();
    }
  }

  private static Optional<RealSet> elements(List<Node> items) {
    RealSet all = new RealSet(List.of(), List.of(), List.of(false));
    for (Node item : items) {
      Optional<Double> value = boundary(item);
      if (value.isEmpty() || value.get().isInfinite()) {
        return Optional.empty();
      }
      all =
          all.with(
              new RealSet(List.of(value.get()), List.of(true), List.of(false, false)), "union");
    }
    return Optional.of(all);
  }

  private static Optional<RealSet> interval(Node.Bracketed interval) {
    Optional<Double> low = boundary(interval.items().get(0));
    Optional<Double> high = boundary(interval.items().get(1));
    if (low.isEmpty() || high.isEmpty() || low.get() >= high.get()) {
      return Optional.empty();
    }
    return Optional.of(
        ray(low.get(), true, interval.open() == '[')
            .with(ray(high.get(), false, interval.close() == ']'), "intersection"));
  }

  /** All numbers above, or below, a boundary. */
  private static RealSet ray(double boundary, boolean above, boolean included) {
    if (Double.isInfinite(boundary)) {
      return new RealSet(List.of(), List.of(), List.of(above == boundary < 0));
    }
    return new RealSet(List.of(boundary), List.of(included), List.of(!above, above));
  }

  /** The values that a chain of inequalities leaves its one variable. */
  private static Optional<RealSet> relation(Node.Relation relation) {
    Optional<Node> variable = variable(relation);
    if (variable.isEmpty()) {
      return Optional.empty();
    }
    int at = relation.sides().indexOf(variable.get());
    RealSet set = new RealSet(List.of(), List.of(), List.of(true));
    for (int i = 0; i < relation.sides().size(); i++) {
      if (i == at) {
        continue;
      }
      Optional<Double> boundary = boundary(relation.sides().get(i));
      int gap = Math.min(i, at);
      String operator = relation.operators().get(gap);
      boolean readable =
          boundary.isPresent() && Math.abs(i - at) == 1 && operator.matches("<|<=|>|>=");
      if (operator.equals("in") && i == at + 1) {
        return of(relation.sides().get(i));
      }
      if (!readable) {
        return Optional.empty();
      }
      boolean above = operator.startsWith(">") == i > at;
      set = set.with(ray(boundary.get(), above, operator.endsWith("=")), "intersection");
    }
    return Optional.of(set);
  }

  private RealSet with(RealSet other, String operation) {
    TreeSet<Double> all = new TreeSet<>(Comparator.naturalOrder());
    all.addAll(points);
    all.addAll(other.points);
    List<Double> merged = new ArrayList<>(all);
    List<Boolean> at = new ArrayList<>();
    List<Boolean> gaps = new ArrayList<>();
    for (double point : merged) {
      gaps.add(combined(before(point), other.before(point), operation));
      at.add(combined(contains(point), other.contains(point), operation));
    }
    gaps.add(
        combined(
            between.get(between.size() - 1),
            other.between.get(other.between.size() - 1),
            operation));
    return new RealSet(merged, at, gaps);
  }

  private static boolean combined(boolean a, boolean b, String operation) {
    return switch (operation) {
      case "union" -> a || b;
      case "intersection" -> a && b;
      default -> a && !b;
    };
  }

  private boolean contains(double point) {
    int index = points.indexOf(point);
    return index >= 0 ? atPoint.get(index) : before(point);
  }

  /** Whether the numbers just below a point are in the set. */
  private boolean before(double point) {
    int gap = 0;
    while (gap < points.size() && points.get(gap) < point) {
      gap++;
    }
    return between.get(gap);
  }

  @Override
  public boolean equals(Object object) {
    if (!(object instanceof RealSet other)
        || !atPoint.equals(other.atPoint)
        || !between.equals(other.between)) {
      return false;
    }
    for (int i = 0; i < points.size(); i++) {
      double a = points.get(i);
      double b = other.points.get(i);
      if (Math.abs(a - b) > 1e-10 * Math.max(Math.abs(a), Math.abs(b)) + 1e-13) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return atPoint.hashCode() * 31 + between.hashCode();
  }
}
