package org.etalon.data.grade.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an answer says of which name: {@code x = 5}, chains of equations, ± and lists of them. */
final class Statements {
  /** The bracket of a tuple that cannot be an interval, because it is that of several variables. */
  static final char POINT = ',';

  private Statements() {}

  /** Signs of ± written out, chains of equations shortened, lists in lists made one. */
  static Node simplified(Node node) {
    if (Nodes.hasSigns(node)) {
      return new Node.Listing(List.of(Nodes.signed(node, true), Nodes.signed(node, false)));
    }
    if (node instanceof Node.Listing list) {
      return listing(list);
    }
    return node instanceof Node.Relation relation ? relation(exactly(relation)) : node;
  }

  /** A chain without what its sides are only nearly equal to. */
  private static Node exactly(Node.Relation chain) {
    int kept = chain.operators().size();
    boolean named = isName(chain.sides().get(0));
    while (kept > 0
        && chain.operators().get(kept - 1).equals("~")
        && !(named && !chain.operators().subList(0, kept - 1).contains("=") && kept == 1)) {
      kept--;
    }
    if (kept == 0) {
      return chain.sides().get(0);
    }
    List<String> operators =
        chain.operators().subList(0, kept).stream().map(o -> o.equals("~") ? "=" : o).toList();
    return new Node.Relation(chain.sides().subList(0, kept + 1), operators);
  }

  private static Node relation(Node node) {
    if (!(node instanceof Node.Relation relation)) {
      return simplified(node);
    }
    List<Node> sides = relation.sides();
    Node last = sides.get(sides.size() - 1);
    if (sides.size() > 2 && isName(sides.get(0)) && isEquations(relation)) {
      return relation(new Node.Relation(List.of(sides.get(0), last), List.of("=")));
    }
    if (sides.size() == 2 && Nodes.hasSigns(last)) {
      return new Node.Relation(List.of(sides.get(0), simplified(last)), relation.operators());
    }
    if (isAssignment(relation)
        && relation.operators().get(0).equals("=")
        && sides.get(0) instanceof Node.Bracketed names
        && last instanceof Node.Bracketed values
        && names.items().size() == values.items().size()) {
      return new Node.Relation(List.of(names, point(values)), List.of("="));
    }
    return relation;
  }

  /** A tuple that is none of intervals, if its brackets match. */
  private static Node.Bracketed point(Node.Bracketed tuple) {
    return isMatching(tuple) ? new Node.Bracketed(POINT, tuple.items(), POINT) : tuple;
  }

  static boolean isMatching(Node.Bracketed node) {
    return (node.open() == '(') == (node.close() == ')')
        && (node.open() == '[') == (node.close() == ']');
  }

  static boolean isEquations(Node.Relation relation) {
    return relation.operators().stream().allMatch("="::equals);
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
    if (items.size() > 1) {
      items.removeIf(Statements::isWholeNumber);
    }
    if (items.size() == 1) {
      return items.get(0);
    }
    boolean oneName =
        !items.isEmpty()
            && items.get(0) instanceof Node.Relation first
            && isAssignment(first)
            && items.stream().skip(1).noneMatch(Node.Relation.class::isInstance);
    if (oneName) {
      Node value = ((Node.Relation) items.get(0)).sides().get(1);
      boolean point = value instanceof Node.Bracketed b && b.open() == POINT;
      items.set(0, value);
      if (point) {
        items.replaceAll(item -> item instanceof Node.Bracketed b ? point(b) : item);
      }
    }
    return new Node.Listing(items);
  }

  /** {@code k ∈ ℤ} beside an answer in which k stands. */
  private static boolean isWholeNumber(Node node) {
    return node instanceof Node.Relation relation
        && relation.operators().equals(List.of("in"))
        && relation.sides().get(1) instanceof Node.Symbol symbol
        && symbol.name().matches("mathbb [ZN].*");
  }

  static boolean isAssignment(Node node) {
    return node instanceof Node.Relation relation
        && relation.sides().size() == 2
        && relation.operators().get(0).matches("=|in")
        && isName(relation.sides().get(0));
  }

  /** The right sides of assignments; empty if something else is among them. */
  static Optional<List<Node>> values(List<Node> items) {
    return items.stream().allMatch(Statements::isAssignment)
        ? Optional.of(items.stream().map(item -> ((Node.Relation) item).sides().get(1)).toList())
        : Optional.empty();
  }

  /** {@code x = 1, y = 2} and {@code (x, y) = (1, 2)} alike, as equations of single names. */
  static Optional<List<Node>> assignments(Node node) {
    if (node instanceof Node.Listing list && values(list.items()).isPresent()) {
      return Optional.of(list.items());
    }
    if (!(node instanceof Node.Relation relation)
        || !isAssignment(relation)
        || !(relation.sides().get(0) instanceof Node.Bracketed names)
        || !(relation.sides().get(1) instanceof Node.Bracketed values)
        || names.items().size() != values.items().size()) {
      return Optional.empty();
    }
    List<Node> single = new ArrayList<>();
    for (int i = 0; i < names.items().size(); i++) {
      single.add(
          new Node.Relation(List.of(names.items().get(i), values.items().get(i)), List.of("=")));
    }
    return Optional.of(single);
  }

  /** Whether all items are given to one name, counted by its index or not: x_1 = 2, x_2 = 3. */
  static boolean isOneName(List<Node> assignments) {
    return assignments.stream()
            .map(item -> baseName(((Node.Relation) item).sides().get(0)))
            .distinct()
            .count()
        == 1;
  }

  /** Whether solutions are counted on one side, x_1 = 2 and x_2 = 3, and not on the other. */
  static boolean isCountedOnce(List<Node> a, List<Node> b) {
    List<Node> names = new ArrayList<>();
    a.forEach(item -> names.add(((Node.Relation) item).sides().get(0)));
    long left = names.stream().distinct().count();
    List<Node> others = b.stream().map(item -> ((Node.Relation) item).sides().get(0)).toList();
    long right = others.stream().distinct().count();
    names.addAll(others);
    return (left == 1) != (right == 1)
        && names.stream().map(Statements::baseName).distinct().count() == 1;
  }

  private static String baseName(Node name) {
    return name instanceof Node.Symbol symbol
        ? symbol.name().replaceFirst("_\\d+$", "")
        : name.toString();
  }

  /**
   * Something that a value is given to: a variable, f(x), AB, the angle ABC, a/b, |AB|, a tuple of
   * variables, A:B; whatever is built of names and no numbers.
   */
  static boolean isName(Node node) {
    if (node instanceof Node.Symbol symbol) {
      return !symbol.name().matches("pi|e|i|infinity|empty|mathbb .*");
    }
    if (node instanceof Node.Apply apply && !FormulaLexer.isKnown(apply.function())) {
      return !apply.function().startsWith("base")
          && apply.arguments().stream().allMatch(Statements::isSubscript);
    }
    boolean built =
        node instanceof Node.Product
            || node instanceof Node.Sum
            || node instanceof Node.Quotient
            || node instanceof Node.Ratio
            || (node instanceof Node.Bracketed tuple && tuple.open() == '(')
            || (node instanceof Node.Apply apply && !apply.function().matches("det|factorial"));
    return built && Nodes.parts(node).stream().allMatch(Statements::isName);
  }

  private static boolean isSubscript(Node node) {
    return node instanceof Node.Num
        || node instanceof Node.Symbol
        || node instanceof Node.Product
        || node instanceof Node.Sum;
  }
}
