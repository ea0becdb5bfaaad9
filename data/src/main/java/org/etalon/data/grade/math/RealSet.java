package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A set of real numbers as the intervals between its boundary points: equal sets are equal however
 * they were put together.
 */
final class RealSet {
  static final RealSet NONE = new RealSet(List.of(), List.of(), List.of(false));
  static final RealSet ALL = new RealSet(List.of(), List.of(), List.of(true));

  /** Our choice: sets with more boundary points are not put together. */
  private static final int MOST_POINTS = 100;

  /** Boundary points in rising order. */
  private final ImmutableList<Bound> points;

  /** Whether each boundary point is in the set. */
  private final ImmutableList<Boolean> atPoint;

  /** Whether what lies before each point, and after the last, is in the set. */
  private final ImmutableList<Boolean> between;

  private RealSet(List<Bound> points, List<Boolean> atPoint, List<Boolean> between) {
    if (points.size() > MOST_POINTS) {
      throw new WorkException("too many boundary points to compare");
    }
    List<Bound> keptPoints = new ArrayList<>();
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

  /** One number. */
  static RealSet of(Bound point) {
    return new RealSet(List.of(point), List.of(true), List.of(false, false));
  }

  /** All numbers above, or below, a boundary. */
  static RealSet ray(Bound boundary, boolean above, boolean included) {
    if (boundary.isInfinite()) {
      return above == boundary.isNegative() ? ALL : NONE;
    }
    return new RealSet(List.of(boundary), List.of(included), List.of(!above, above));
  }

  /** The numbers whose negatives are in the set. */
  RealSet negative() {
    return new RealSet(
        points.reverse().stream().map(Bound::negative).toList(),
        atPoint.reverse(),
        between.reverse());
  }

  /** {@code union}, {@code intersection} or {@code difference}. */
  RealSet with(RealSet other, String operation) {
    TreeSet<Bound> all = new TreeSet<>();
    all.addAll(points);
    all.addAll(other.points);
    List<Bound> merged = new ArrayList<>(all);
    List<Boolean> at = new ArrayList<>();
    List<Boolean> gaps = new ArrayList<>();
    for (Bound point : merged) {
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

  private boolean contains(Bound point) {
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).compareTo(point) == 0) {
        return atPoint.get(i);
      }
    }
    return before(point);
  }

  /** Whether the numbers just below a point are in the set. */
  private boolean before(Bound point) {
    int gap = 0;
    while (gap < points.size() && points.get(gap).compareTo(point) < 0) {
      gap++;
    }
    return between.get(gap);
  }

  /** Whether both hold the same numbers. */
  boolean isSame(RealSet other) {
    boolean same = atPoint.equals(other.atPoint) && between.equals(other.between);
    for (int i = 0; same && i < points.size(); i++) {
      same = points.get(i).compareTo(other.points.get(i)) == 0;
    }
    return same;
  }
}
