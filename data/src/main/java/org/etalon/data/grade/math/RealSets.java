package org.etalon.data.grade.math;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.etalon.data.grade.Rational;

/** Reads formulas as sets of real numbers. */
final class RealSets {
  private static final Rational HALF = new Rational(BigInteger.ONE, BigInteger.TWO);

  /** Our choice: a set of more elements is not one of intervals. */
  private static final int MOST_ELEMENTS = 64;

  private final Scalars scalars;
  private final Budget budget;

  RealSets(Scalars scalars, Budget budget) {
    this.scalars = scalars;
    this.budget = budget;
  }

  /** A set, and the name of what lies in it if a relation says so. */
  record Named(Optional<Node> name, RealSet set) {}

  /** The set that a formula describes; empty if it is none of real numbers. */
  Optional<Named> of(Node node) {
    return node instanceof Node.Relation relation
        ? relation(relation)
        : set(node).map(set -> new Named(Optional.empty(), set));
  }

  /**
   * The numbers that inequalities side by side leave: those of either, or, where that is every
   * number, those of all: {@code x < 0 or x > 3}, {@code x > -1 and x < 2}.
   */
  Optional<Named> either(List<Node> inequalities) {
    Optional<Node> name = Optional.empty();
    RealSet union = RealSet.NONE;
    RealSet intersection = RealSet.ALL;
    for (Node inequality : inequalities) {
      Optional<Named> next =
          inequality instanceof Node.Relation relation ? relation(relation) : Optional.empty();
      if (next.isEmpty()
          || next.get().name().isEmpty()
          || (name.isPresent() && !name.equals(next.get().name()))) {
        return Optional.empty();
      }
      name = next.get().name();
      union = union.with(next.get().set(), "union");
      intersection = intersection.with(next.get().set(), "intersection");
    }
    return Optional.of(new Named(name, union.isSame(RealSet.ALL) ? intersection : union));
  }

  private Optional<RealSet> set(Node node) {
    if (node instanceof Node.SetOperation operation) {
      Optional<RealSet> left = set(operation.left());
      Optional<RealSet> right = left.isEmpty() ? left : set(operation.right());
      return right.map(other -> left.get().with(other, operation.operation()));
    }
    if (node instanceof Node.Elements elements) {
      return elements(elements.items());
    }
    if (node instanceof Node.Bracketed interval && interval.items().size() == 2) {
      return interval(interval);
    }
    if (node instanceof Node.Symbol symbol && symbol.name().equals("empty")) {
      return Optional.of(RealSet.NONE);
    }
    if (node instanceof Node.Symbol symbol && symbol.name().equals("mathbb R")) {
      return Optional.of(RealSet.ALL);
    }
    return Optional.empty();
  }

  private Optional<Bound> bound(Node node) {
    return Bound.of(node, scalars, budget);
  }

  private Optional<RealSet> elements(List<Node> items) {
    RealSet all = RealSet.NONE;
    if (items.size() > MOST_ELEMENTS) {
      return Optional.empty();
    }
    for (Node item : items) {
      Optional<Bound> value = bound(item);
      if (value.isEmpty() || value.get().isInfinite()) {
        return Optional.empty();
      }
      all = all.with(RealSet.of(value.get()), "union");
    }
    return Optional.of(all);
  }

  private Optional<RealSet> interval(Node.Bracketed interval) {
    Optional<Bound> low = bound(interval.items().get(0));
    Optional<Bound> high = bound(interval.items().get(1));
    if (low.isEmpty()
        || high.isEmpty()
        || "([".indexOf(interval.open()) < 0
        || low.get().compareTo(high.get()) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        RealSet.ray(low.get(), true, interval.open() == '[')
            .with(RealSet.ray(high.get(), false, interval.close() == ']'), "intersection"));
  }

  /** The values that a chain of relations leaves its one variable. */
  private Optional<Named> relation(Node.Relation relation) {
    Optional<Node> name =
        relation.sides().stream()
            .filter(side -> Statements.isName(side) && !isNumbers(side))
            .findFirst();
    if (name.isPresent()) {
      return chain(relation, name.get());
    }
    Set<String> names = Nodes.names(relation);
    return names.size() == 1 && relation.sides().size() == 2
        ? solved(relation, names.iterator().next())
        : Optional.empty();
  }

  private static boolean isNumbers(Node node) {
    return node instanceof Node.Symbol symbol && symbol.name().startsWith("mathbb");
  }

  private Optional<Named> chain(Node.Relation relation, Node name) {
    int at = relation.sides().indexOf(name);
    RealSet set = RealSet.ALL;
    for (int i = 0; i < relation.sides().size(); i++) {
      if (i == at) {
        continue;
      }
      String operator = relation.operators().get(Math.min(i, at));
      Optional<RealSet> part =
          Math.abs(i - at) == 1
              ? part(relation.sides().get(i), operator, i > at)
              : Optional.empty();
      if (part.isEmpty()) {
        return Optional.empty();
      }
      set = set.with(part.get(), "intersection");
    }
    if (name instanceof Node.Apply abs && abs.function().equals("abs")) {
      Bound zero = bound(Nodes.number(0)).orElseThrow();
      RealSet positive = set.with(RealSet.ray(zero, true, true), "intersection");
      return Optional.of(
          new Named(
              Optional.of(abs.arguments().get(0)), positive.with(positive.negative(), "union")));
    }
    return Optional.of(new Named(Optional.of(name), set));
  }

  /** The set that one relation to a boundary leaves, which stands right or left of the operator. */
  private Optional<RealSet> part(Node side, String operator, boolean right) {
    if (operator.equals("in")) {
      return right ? set(side) : Optional.empty();
    }
    Optional<Bound> boundary = bound(side);
    if (boundary.isEmpty() || !operator.matches("<|<=|>|>=|!=")) {
      return Optional.empty();
    }
    if (operator.equals("!=")) {
      return Optional.of(RealSet.ALL.with(RealSet.of(boundary.get()), "difference"));
    }
    boolean above = operator.startsWith(">") == right;
    return Optional.of(RealSet.ray(boundary.get(), above, operator.endsWith("=")));
  }

  /** A relation that is linear or quadratic in its one variable. */
  private Optional<Named> solved(Node.Relation relation, String name) {
    String operator = relation.operators().get(0);
    if (!operator.matches("<|<=|>|>=|!=")) {
      return Optional.empty();
    }
    Node left = Nodes.minus(relation.sides().get(0), relation.sides().get(1));
    Node none = Nodes.replaced(left, name, Nodes.number(0));
    Node one = Nodes.replaced(left, name, Nodes.number(1));
    Node minusOne = Nodes.replaced(left, name, Nodes.number(-1));
    Node half = new Node.Num(HALF);
    Node square = Nodes.minus(Nodes.times(half, new Node.Sum(List.of(one, minusOne))), none);
    Node slope = Nodes.times(half, Nodes.minus(one, minusOne));
    Node x = new Node.Symbol(name);
    Node expected =
        new Node.Sum(List.of(Nodes.times(square, Nodes.times(x, x)), Nodes.times(slope, x), none));
    if (!scalars.equal(left, expected)) {
      return Optional.empty();
    }
    boolean strict = !operator.endsWith("=") || operator.equals("!=");
    Optional<RealSet> where = positive(square, slope, none, strict);
    return where
        .filter(set -> !operator.equals("!="))
        .map(set -> operator.startsWith(">") ? set : below(square, slope, none, strict))
        .map(set -> new Named(Optional.of(x), set));
  }

  private RealSet below(Node square, Node slope, Node none, boolean strict) {
    return RealSet.ALL.with(positive(square, slope, none, !strict).orElseThrow(), "difference");
  }

  /** Where {@code square·x² + slope·x + none} is above 0, or not below it. */
  private Optional<RealSet> positive(Node square, Node slope, Node none, boolean strict) {
    boolean linear = scalars.equal(square, Nodes.number(0));
    Node leading = linear ? slope : square;
    Optional<Bound> sign = bound(leading);
    if (sign.isEmpty() || scalars.equal(leading, Nodes.number(0))) {
      return Optional.empty();
    }
    boolean rising = !sign.get().isNegative();
    Node minusSlope = Nodes.times(Nodes.number(-1), slope);
    if (linear) {
      Node root = new Node.Quotient(Nodes.times(Nodes.number(-1), none), slope);
      return bound(root).map(at -> RealSet.ray(at, rising, !strict));
    }
    Node discriminant =
        Nodes.minus(
            Nodes.times(slope, slope), Nodes.times(Nodes.number(4), Nodes.times(square, none)));
    Optional<Bound> size = bound(discriminant);
    if (size.isEmpty() || size.get().isNegative()) {
      return size.map(negative -> rising ? RealSet.ALL : RealSet.NONE);
    }
    Node root = new Node.Root(2, discriminant);
    Node twice = Nodes.times(Nodes.number(2), square);
    Optional<Bound> a = bound(new Node.Quotient(Nodes.minus(minusSlope, root), twice));
    Optional<Bound> b = bound(new Node.Quotient(new Node.Sum(List.of(minusSlope, root)), twice));
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    boolean ordered = a.get().compareTo(b.get()) <= 0;
    Bound low = ordered ? a.get() : b.get();
    Bound high = ordered ? b.get() : a.get();
    RealSet outside =
        RealSet.ray(low, false, rising != strict)
            .with(RealSet.ray(high, true, rising != strict), "union");
    return Optional.of(rising ? outside : RealSet.ALL.with(outside, "difference"));
  }
}
