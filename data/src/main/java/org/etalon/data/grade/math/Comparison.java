package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** When two formulas say the same; one object for one comparison. */
final class Comparison {
  /** Our choice: longer lists are compared in order only, so that time stays bounded. */
  private static final int MOST_UNORDERED = 64;

  private static final int COMPARISON_WORK = 10;

  private static final ImmutableMap<String, String> FLIPPED =
      ImmutableMap.of("<", ">", ">", "<", "<=", ">=", ">=", "<=", "=", "=", "!=", "!=");

  private final Budget budget;
  private final Scalars scalars;
  private final RealSets sets;

  Comparison(Budget budget) {
    this.budget = budget;
    this.scalars = new Scalars(budget);
    this.sets = new RealSets(scalars, budget);
  }

  /** Whether {@code answer} says what {@code gold} says. */
  boolean equal(Node gold, Node answer) {
    budget.spend(COMPARISON_WORK);
    Node a = Statements.simplified(gold);
    Node b = Statements.simplified(answer);
    if (a instanceof Node.Relation x && b instanceof Node.Relation y) {
      return relations(x, y);
    }
    Optional<List<Node>> given = Statements.assignments(a);
    Optional<List<Node>> found = Statements.assignments(b);
    if (given.isPresent() && found.isPresent()) {
      if (Statements.isCountedOnce(given.get(), found.get())) {
        return unordered(
            Statements.values(given.get()).orElseThrow(),
            Statements.values(found.get()).orElseThrow());
      }
      return given.get().size() == found.get().size() && unordered(given.get(), found.get());
    }
    if (isInequalities(a) != isInequalities(b)) {
      return inequalities(a, b);
    }
    Node left = stated(a, true);
    Node right = stated(b, false);
    if (left != a || right != b) {
      return equal(left, right);
    }
    if (isSet(a) || isSet(b)) {
      Optional<RealSets.Named> x = sets.of(a);
      Optional<RealSets.Named> y = x.isEmpty() ? x : sets.of(b);
      if (y.isPresent()) {
        return x.get().set().isSame(y.get().set());
      }
    }
    return structures(a, b);
  }

  private static boolean isInequalities(Node node) {
    return node instanceof Node.Listing list
        && list.items().stream()
            .allMatch(i -> i instanceof Node.Relation r && !Statements.isAssignment(r));
  }

  /** Inequalities side by side on one side only: a set, or another inequality, on the other. */
  private boolean inequalities(Node a, Node b) {
    Optional<RealSets.Named> x =
        a instanceof Node.Listing list ? sets.either(list.items()) : sets.of(a);
    Optional<RealSets.Named> y =
        b instanceof Node.Listing list ? sets.either(list.items()) : sets.of(b);
    return x.isPresent() && y.isPresent() && sameSet(x.get(), y.get());
  }

  private static boolean sameSet(RealSets.Named a, RealSets.Named b) {
    boolean sameName = a.name().isEmpty() || b.name().isEmpty() || a.name().equals(b.name());
    return sameName && a.set().isSame(b.set());
  }

  /**
   * What is said of a name, where the other side gives no name: {@code 5} of {@code x = 5}. A gold
   * chain says what it ends in, an answer's chain only if it is true: {@code 2+3 = 5}.
   */
  private Node stated(Node node, boolean gold) {
    if (!(node instanceof Node.Relation relation)) {
      return node;
    }
    List<Node> sides = relation.sides();
    Node last = sides.get(sides.size() - 1);
    if (Statements.isAssignment(relation)) {
      return last;
    }
    if (!Statements.isEquations(relation)) {
      return node;
    }
    boolean chain = gold && sides.size() > 2;
    boolean calculation =
        !gold
            && Nodes.names(relation).isEmpty()
            && sides.stream().allMatch(side -> scalars.equal(side, last));
    return chain || calculation ? last : node;
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
    if (a instanceof Node.Listing x && b instanceof Node.Bracketed y && isTuple(y)) {
      return inOrder(x.items(), y.items());
    }
    if (b instanceof Node.Listing y && a instanceof Node.Bracketed x && isTuple(x)) {
      return inOrder(x.items(), y.items());
    }
    if (a instanceof Node.Listing || a instanceof Node.Elements) {
      return lists(items(a), items(b));
    }
    if (b instanceof Node.Listing list) {
      return list.items().stream().allMatch(item -> equal(a, item));
    }
    if (b instanceof Node.Elements) {
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
      return proportions(x.parts(), y.parts());
    }
    return terms(a, b);
  }

  private static boolean isTuple(Node.Bracketed node) {
    return node.items().size() > 1
        && (node.open() == '(' || node.open() == Statements.POINT)
        && (node.close() == ')' || node.close() == Statements.POINT);
  }

  /** What a list or a set holds; anything else stands for itself. */
  private static List<Node> items(Node node) {
    if (node instanceof Node.Listing list) {
      return list.items();
    }
    return node instanceof Node.Elements set ? set.items() : List.of(node);
  }

  /**
   * Brackets tell intervals apart; where neither can be one they say nothing, as long as they
   * match: what opens as [ and closes as ) is no tuple.
   */
  private static boolean sameBrackets(Node.Bracketed a, Node.Bracketed b) {
    boolean point =
        a.items().size() != 2 || a.open() == Statements.POINT || b.open() == Statements.POINT;
    return (a.open() == b.open() && a.close() == b.close())
        || (point && Statements.isMatching(a) && Statements.isMatching(b));
  }

  /** In order; where only one side names its values, the names say nothing. */
  private boolean inOrder(List<Node> a, List<Node> b) {
    Optional<List<Node>> x = Statements.values(a);
    Optional<List<Node>> y = Statements.values(b);
    if (x.isPresent() != y.isPresent()) {
      return sameOrder(x.orElse(a), y.orElse(b));
    }
    return sameOrder(a, b);
  }

  private boolean sameOrder(List<Node> a, List<Node> b) {
    boolean same = a.size() == b.size();
    for (int i = 0; same && i < a.size(); i++) {
      same = equal(a.get(i), b.get(i));
    }
    return same;
  }

  /** Lists in any order, but in this one where different names are given on one side only. */
  private boolean lists(List<Node> a, List<Node> b) {
    Optional<List<Node>> x = Statements.values(a);
    Optional<List<Node>> y = Statements.values(b);
    if (x.isPresent() && y.isEmpty()) {
      return Statements.isOneName(a) ? unordered(x.get(), b) : sameOrder(x.get(), b);
    }
    if (y.isPresent() && x.isEmpty()) {
      return Statements.isOneName(b) ? unordered(a, y.get()) : sameOrder(a, y.get());
    }
    return unordered(a, b);
  }

  /** Each of either list has its like in the other; what is said twice counts once. */
  private boolean unordered(List<Node> a, List<Node> b) {
    if (a.size() > MOST_UNORDERED || b.size() > MOST_UNORDERED) {
      return sameOrder(a, b);
    }
    BiPredicate<Node, List<Node>> within =
        (item, list) -> list.stream().anyMatch(other -> equal(item, other));
    return a.stream().allMatch(item -> within.test(item, b))
        && b.stream().allMatch(item -> has(a, item));
  }

  private boolean has(List<Node> golds, Node answer) {
    return golds.stream().anyMatch(gold -> equal(gold, answer));
  }

  /** Whether a:b:c is a multiple of the other. */
  private boolean proportions(List<Node> a, List<Node> b) {
    boolean same = a.size() == b.size();
    for (int i = 1; same && i < a.size(); i++) {
      same = scalars.equal(Nodes.times(a.get(0), b.get(i)), Nodes.times(a.get(i), b.get(0)));
    }
    return same;
  }

  private boolean relations(Node.Relation a, Node.Relation b) {
    if (Statements.isAssignment(a) && Statements.isAssignment(b)) {
      return sameName(a.sides().get(0), b.sides().get(0))
          ? equal(a.sides().get(1), b.sides().get(1))
          : renamed(a, b) || multiples(a, b);
    }
    if (multiples(a, b)) {
      return true;
    }
    Optional<RealSets.Named> x = sets.of(a);
    Optional<RealSets.Named> y = x.isEmpty() ? x : sets.of(b);
    if (y.isPresent()) {
      return x.get().name().equals(y.get().name()) && x.get().set().isSame(y.get().set());
    }
    return a.operators().equals(b.operators()) && sameOrder(a.sides(), b.sides());
  }

  private boolean sameName(Node a, Node b) {
    if (a instanceof Node.Bracketed x && b instanceof Node.Bracketed y) {
      return sameOrder(x.items(), y.items());
    }
    return a.equals(b) || terms(a, b);
  }

  /** {@code f(x) = x^2} and {@code f(t) = t^2}; {@code (x,y) = (1,2)} and {@code (y,x) = (2,1)}. */
  private boolean renamed(Node.Relation a, Node.Relation b) {
    Node name = a.sides().get(0);
    Node other = b.sides().get(0);
    if (name instanceof Node.Apply f
        && other instanceof Node.Apply g
        && f.function().equals(g.function())
        && f.arguments().size() == 1
        && g.arguments().size() == 1
        && f.arguments().get(0) instanceof Node.Symbol x
        && g.arguments().get(0) instanceof Node.Symbol t) {
      Node right = a.sides().get(1);
      boolean free = !Nodes.names(right).contains(t.name());
      return free && equal(Nodes.replaced(right, x.name(), t), b.sides().get(1));
    }
    if (name instanceof Node.Bracketed names
        && other instanceof Node.Bracketed others
        && a.sides().get(1) instanceof Node.Bracketed values
        && b.sides().get(1) instanceof Node.Bracketed theirs
        && names.items().size() == values.items().size()
        && others.items().size() == theirs.items().size()
        && names.items().size() == others.items().size()) {
      boolean same = true;
      for (int i = 0; same && i < names.items().size(); i++) {
        int at = others.items().indexOf(names.items().get(i));
        same = at >= 0 && equal(values.items().get(i), theirs.items().get(at));
      }
      return same;
    }
    return false;
  }

  /** Whether one relation is the other multiplied by a number, brought to one side. */
  private boolean multiples(Node.Relation a, Node.Relation b) {
    String x = a.operators().get(0);
    String y = b.operators().get(0);
    if (a.sides().size() != 2
        || b.sides().size() != 2
        || !FLIPPED.containsKey(x)
        || !FLIPPED.containsKey(y)) {
      return false;
    }
    boolean equation = x.matches("=|!=");
    Optional<Integer> sign =
        scalars.proportion(
            Nodes.minus(a.sides().get(0), a.sides().get(1)),
            Nodes.minus(b.sides().get(0), b.sides().get(1)),
            equation);
    return sign.isPresent() && (sign.get() > 0 ? x : FLIPPED.get(x)).equals(y);
  }

  /** Terms and matrices. */
  private boolean terms(Node a, Node b) {
    try {
      Optional<List<List<Node>>> x = Matrices.rows(a);
      Optional<List<List<Node>>> y = Matrices.rows(b);
      if (x.isEmpty() || y.isEmpty()) {
        return x.isEmpty() && y.isEmpty() && scalars.equal(a, b);
      }
      return x.get().size() == y.get().size() && rows(x.get(), y.get());
    } catch (FormulaException e) {
      return false;
    }
  }

  private boolean rows(List<List<Node>> a, List<List<Node>> b) {
    boolean same = true;
    for (int i = 0; same && i < a.size(); i++) {
      same = sameOrder(a.get(i), b.get(i));
    }
    return same;
  }
}
