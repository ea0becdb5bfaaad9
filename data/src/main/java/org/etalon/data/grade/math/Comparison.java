package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.linear.FieldMatrix;
import org.etalon.data.grade.Rational;

/** When two formulas say the same; one object for one comparison. */
final class Comparison {
  private static final double TOLERANCE = 1e-10;

  /** The bracket of a tuple that cannot be an interval, because it is that of several variables. */
  private static final char POINT = ',';

  /** Our choice: longer lists are compared in order only, so that time stays bounded. */
  private static final int MOST_UNORDERED = 64;

  /** Our choice: bounds sets of sets of sets; far more than an answer has parts. */
  private static final int MOST_COMPARED = 100_000;

  private static final ImmutableMap<String, String> FLIPPED =
      ImmutableMap.of("<", ">", ">", "<", "<=", ">=", ">=", "<=", "=", "=", "!=", "!=");

  private int budget = MOST_COMPARED;

  /** Whether {@code answer} says what {@code gold} says. */
  boolean equal(Node gold, Node answer) {
    if (--budget < 0) {
      return false;
    }
    Node a = simplified(gold);
    Node b = simplified(answer);
    if (a instanceof Node.Relation x && b instanceof Node.Relation y) {
      return relations(x, y);
    }
    Node left = stated(a);
    Node right = stated(b);
    if (left != a || right != b) {
      return equal(left, right);
    }
    if (isSet(a) || isSet(b)) {
      Optional<RealSet> x = RealSet.of(a);
      Optional<RealSet> y = RealSet.of(b);
      if (x.isPresent() && y.isPresent()) {
        return x.get().equals(y.get());
      }
    }
    return structures(a, b);
  }

  /** Signs of ± written out, and a chain of equations shortened to what it ends in. */
  private static Node simplified(Node node) {
    if (node instanceof Node.PlusMinus both) {
      Node minus = new Node.Product(List.of(new Node.Num(Rational.of(-1)), both.right()));
      return new Node.Listing(
          List.of(
              new Node.Sum(List.of(both.left(), both.right())),
              new Node.Sum(List.of(both.left(), minus))));
    }
    if (node instanceof Node.Listing list) {
      return listing(list);
    }
    if (node instanceof Node.Relation chain
        && chain.sides().size() > 2
        && isName(chain.sides().get(0))
        && chain.operators().stream().allMatch("="::equals)) {
      List<Node> sides = chain.sides();
      return new Node.Relation(List.of(sides.get(0), sides.get(sides.size() - 1)), List.of("="));
    }
    if (node instanceof Node.Relation relation
        && relation.sides().size() == 2
        && relation.sides().get(1) instanceof Node.PlusMinus) {
      return new Node.Relation(
          List.of(relation.sides().get(0), simplified(relation.sides().get(1))),
          relation.operators());
    }
    return node;
  }

  /** A list without lists in it; {@code n = 2, 3} gives n two values. */
  private static Node listing(Node.Listing list) {
    List<Node> items = new ArrayList<>();
    for (Node item : list.items()) {
      Node simple = simplified(item);
      if (simple instanceof Node.Listing inner) {
        items.addAll(inner.items());
      } else {
        items.add(simple);
      }
    }
    boolean oneName =
        items.get(0) instanceof Node.Relation first
            && isAssignment(first)
            && items.stream().skip(1).noneMatch(Node.Relation.class::isInstance);
    if (oneName) {
      items.set(0, ((Node.Relation) items.get(0)).sides().get(1));
    }
    if (items.stream().allMatch(item -> item instanceof Node.Relation r && isAssignment(r))
        && items.stream().map(item -> baseName((Node.Relation) item)).distinct().count() == 1) {
      items.replaceAll(item -> ((Node.Relation) item).sides().get(1));
    }
    return new Node.Listing(items);
  }

  /** {@code x} of {@code x_1 = 3}, which counts solutions. */
  private static String baseName(Node.Relation assignment) {
    Node name = assignment.sides().get(0);
    return name instanceof Node.Symbol symbol
        ? symbol.name().replaceFirst("_\\d+$", "")
        : name.toString();
  }

  private static boolean isAssignment(Node.Relation relation) {
    return relation.sides().size() == 2
        && (relation.operators().get(0).equals("=") || relation.operators().get(0).equals("in"))
        && isName(relation.sides().get(0));
  }

  /** Something that a value is given to: a variable, f(x), a tuple of variables, A:B. */
  private static boolean isName(Node node) {
    if (node instanceof Node.Symbol symbol) {
      return !symbol.name().matches("pi|e|i|infinity");
    }
    if (node instanceof Node.Apply apply) {
      return apply.function().matches("[A-Za-z](_.*)?|overline|[A-Za-z]+_")
          && apply.arguments().stream().allMatch(Comparison::isSubscript);
    }
    if (node instanceof Node.Bracketed tuple) {
      return tuple.open() == '(' && tuple.items().stream().allMatch(Comparison::isName);
    }
    return node instanceof Node.Ratio ratio && ratio.parts().stream().allMatch(Comparison::isName);
  }

  private static boolean isSubscript(Node node) {
    return node instanceof Node.Num || node instanceof Node.Symbol || node instanceof Node.Product;
  }

  /** What is said of a name, where the other side gives no name: {@code 5} of {@code x = 5}. */
  private static Node stated(Node node) {
    if (!(node instanceof Node.Relation relation) || !isAssignment(relation)) {
      return node;
    }
    boolean point =
        relation.sides().get(0) instanceof Node.Bracketed
            && relation.sides().get(1) instanceof Node.Bracketed;
    return point
        ? new Node.Bracketed(POINT, ((Node.Bracketed) relation.sides().get(1)).items(), POINT)
        : relation.sides().get(1);
  }

  private static boolean isSet(Node node) {
    return node instanceof Node.SetOperation
        || node instanceof Node.Relation
        || node instanceof Node.Elements
        || (node instanceof Node.Bracketed b
            && b.items().size() == 2
            && (b.open() == '[' || b.close() == ']'))
        || (node instanceof Node.Symbol s
            && (s.name().equals("empty") || s.name().equals("mathbb R")));
  }

  private boolean structures(Node a, Node b) {
    if (a instanceof Node.Listing || a instanceof Node.Elements) {
      return unordered(items(a), items(b));
    }
    if (b instanceof Node.Listing || b instanceof Node.Elements) {
      return false;
    }
    if (a instanceof Node.Bracketed x && b instanceof Node.Bracketed y) {
      return sameBrackets(x, y) && inOrder(x.items(), y.items());
    }
    if (a instanceof Node.SetOperation x && b instanceof Node.SetOperation y) {
      return x.operation().equals(y.operation())
          && equal(x.left(), y.left())
          && equal(x.right(), y.right());
    }
    if (a instanceof Node.Ratio x && b instanceof Node.Ratio y && x.parts().size() > 2) {
      return inOrder(x.parts(), y.parts());
    }
    return numbers(a, b);
  }

  /** What a list or a set holds; anything else stands for itself. */
  private static List<Node> items(Node node) {
    if (node instanceof Node.Listing list) {
      return list.items();
    }
    return node instanceof Node.Elements set ? set.items() : List.of(node);
  }

  /** Brackets tell intervals apart; where neither can be one they say nothing. */
  private static boolean sameBrackets(Node.Bracketed a, Node.Bracketed b) {
    boolean points = a.items().size() != 2 || a.open() == POINT || b.open() == POINT;
    return points || (a.open() == b.open() && a.close() == b.close());
  }

  private boolean inOrder(List<Node> a, List<Node> b) {
    boolean same = a.size() == b.size();
    for (int i = 0; same && i < a.size(); i++) {
      same = equal(a.get(i), b.get(i));
    }
    return same;
  }

  /** Each of either list has its like in the other; what is said twice counts once. */
  private boolean unordered(List<Node> a, List<Node> b) {
    if (a.size() > MOST_UNORDERED || b.size() > MOST_UNORDERED) {
      return inOrder(a, b);
    }
    BiPredicate<Node, List<Node>> within =
        (item, list) -> list.stream().anyMatch(other -> equal(item, other));
    return a.stream().allMatch(item -> within.test(item, b))
        && b.stream().allMatch(item -> within.test(item, a));
  }

  private boolean relations(Node.Relation a, Node.Relation b) {
    if (isAssignment(a) && isAssignment(b)) {
      boolean sameName =
          numbers(a.sides().get(0), b.sides().get(0))
              || inOrderNames(a.sides().get(0), b.sides().get(0));
      return sameName ? equal(a.sides().get(1), b.sides().get(1)) : proportional(a, b);
    }
    if (proportional(a, b)) {
      return true;
    }
    Optional<RealSet> x = RealSet.of(a);
    Optional<RealSet> y = RealSet.of(b);
    if (x.isPresent() && y.isPresent()) {
      return RealSet.variable(a).equals(RealSet.variable(b)) && x.get().equals(y.get());
    }
    return a.operators().equals(b.operators()) && inOrder(a.sides(), b.sides());
  }

  private boolean inOrderNames(Node a, Node b) {
    if (a instanceof Node.Bracketed x && b instanceof Node.Bracketed y) {
      return inOrder(x.items(), y.items());
    }
    return a.equals(b);
  }

  /** Whether one relation is the other multiplied by a number, brought to one side. */
  private static boolean proportional(Node.Relation a, Node.Relation b) {
    String x = a.operators().get(0);
    String y = b.operators().get(0);
    if (a.sides().size() != 2 || b.sides().size() != 2 || !FLIPPED.containsKey(x)) {
      return false;
    }
    double factor = 0;
    int points = 0;
    for (int point = 0; point < Evaluation.POINTS; point++) {
      try {
        Complex left = difference(a, point);
        Complex right = difference(b, point);
        if (right.abs() < 1e-9 || left.abs() < 1e-9) {
          return false;
        }
        Complex ratio = left.divide(right);
        double real = ratio.getReal();
        if (Math.abs(ratio.getImaginary()) > TOLERANCE * ratio.abs()
            || (points > 0 && Math.abs(real - factor) > 1e-8 * Math.abs(factor))) {
          return false;
        }
        factor = real;
        points++;
      } catch (FormulaException e) {
        if (point < Evaluation.POSITIVE) {
          return false;
        }
      }
    }
    return points > 0 && (factor > 0 ? x : FLIPPED.get(x)).equals(y);
  }

  private static Complex difference(Node.Relation relation, int point) throws FormulaException {
    Evaluation at = new Evaluation(point);
    return at.number(relation.sides().get(0)).subtract(at.number(relation.sides().get(1)));
  }

  /** Numbers, terms and matrices: exactly where both are fractions, else at all points. */
  private static boolean numbers(Node a, Node b) {
    Optional<Rational> x = Exact.of(a);
    Optional<Rational> y = Exact.of(b);
    if (x.isPresent() && y.isPresent()) {
      return x.equals(y);
    }
    Optional<Double> infinity = RealSet.infinity(a);
    if (infinity.isPresent() || RealSet.infinity(b).isPresent()) {
      return infinity.equals(RealSet.infinity(b));
    }
    if (a.equals(b)) {
      return true;
    }
    for (int point = 0; point < Evaluation.POINTS; point++) {
      try {
        Evaluation at = new Evaluation(point);
        if (!near(at.matrix(a), at.matrix(b), point >= Evaluation.POSITIVE)) {
          return false;
        }
      } catch (FormulaException e) {
        if (point < Evaluation.POSITIVE) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * @param realOnly whether values that are not real say nothing: roots and logarithms of negative
   *     numbers have several
   */
  private static boolean near(FieldMatrix<Complex> a, FieldMatrix<Complex> b, boolean realOnly) {
    if (a.getRowDimension() != b.getRowDimension()
        || a.getColumnDimension() != b.getColumnDimension()) {
      return false;
    }
    for (int i = 0; i < a.getRowDimension(); i++) {
      for (int j = 0; j < a.getColumnDimension(); j++) {
        Complex x = a.getEntry(i, j);
        Complex y = b.getEntry(i, j);
        boolean says = !realOnly || (isReal(x) && isReal(y));
        if (says && x.subtract(y).abs() > TOLERANCE * Math.max(x.abs(), y.abs()) + 1e-13) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isReal(Complex x) {
    return Math.abs(x.getImaginary()) <= 1e-12 * Math.abs(x.getReal());
  }
}
