package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.etalon.data.grade.Rational;

/** Takes formulas apart and puts them together. */
final class Nodes {
  private static final ImmutableSet<String> CONSTANTS =
      ImmutableSet.of("pi", "e", "i", "infinity", "empty");

  private Nodes() {}

  /** A formula with another in the place of a name. */
  static Node replaced(Node node, String name, Node by) {
    if (node instanceof Node.Symbol symbol) {
      return symbol.name().equals(name) ? by : node;
    }
    if (node instanceof Node.Sum sum) {
      return new Node.Sum(replaced(sum.terms(), name, by));
    }
    if (node instanceof Node.Product product) {
      return new Node.Product(replaced(product.factors(), name, by));
    }
    if (node instanceof Node.Quotient quotient) {
      return new Node.Quotient(
          replaced(quotient.over(), name, by), replaced(quotient.under(), name, by));
    }
    if (node instanceof Node.Power power) {
      return new Node.Power(replaced(power.base(), name, by), replaced(power.exponent(), name, by));
    }
    if (node instanceof Node.Root root) {
      return new Node.Root(root.degree(), replaced(root.of(), name, by));
    }
    if (node instanceof Node.Apply apply) {
      return new Node.Apply(apply.function(), replaced(apply.arguments(), name, by));
    }
    if (node instanceof Node.Ratio ratio) {
      return new Node.Ratio(replaced(ratio.parts(), name, by));
    }
    return node;
  }

  /** Variables and functions that are not known, as they stand in a term. */
  static Set<String> names(Node node) {
    Set<String> names = new TreeSet<>();
    collect(node, names);
    return names;
  }

  private static void collect(Node node, Set<String> names) {
    if (node instanceof Node.Symbol symbol && !CONSTANTS.contains(symbol.name())) {
      names.add(symbol.name());
    }
    if (node instanceof Node.Apply apply && !FormulaLexer.isKnown(apply.function())) {
      names.add(apply.function() + "()");
    }
    parts(node).forEach(part -> collect(part, names));
  }

  /** What a formula is made of. */
  static List<Node> parts(Node node) {
    if (node instanceof Node.Sum sum) {
      return sum.terms();
    }
    if (node instanceof Node.Product product) {
      return product.factors();
    }
    if (node instanceof Node.Quotient quotient) {
      return List.of(quotient.over(), quotient.under());
    }
    if (node instanceof Node.Power power) {
      return List.of(power.base(), power.exponent());
    }
    if (node instanceof Node.Root root) {
      return List.of(root.of());
    }
    if (node instanceof Node.Apply apply) {
      return apply.arguments();
    }
    if (node instanceof Node.PlusMinus both) {
      return List.of(both.left(), both.right());
    }
    if (node instanceof Node.Bracketed bracketed) {
      return bracketed.items();
    }
    if (node instanceof Node.Elements elements) {
      return elements.items();
    }
    if (node instanceof Node.SetOperation operation) {
      return List.of(operation.left(), operation.right());
    }
    if (node instanceof Node.Relation relation) {
      return relation.sides();
    }
    if (node instanceof Node.Listing listing) {
      return listing.items();
    }
    if (node instanceof Node.Ratio ratio) {
      return ratio.parts();
    }
    return node instanceof Node.Matrix matrix
        ? matrix.rows().stream().flatMap(List::stream).toList()
        : List.of();
  }

  static Node number(long value) {
    return new Node.Num(Rational.of(value));
  }

  static Node minus(Node a, Node b) {
    return new Node.Sum(List.of(a, times(number(-1), b)));
  }

  static Node times(Node a, Node b) {
    return new Node.Product(List.of(a, b));
  }

  private static List<Node> replaced(List<Node> nodes, String name, Node by) {
    return nodes.stream().map(node -> replaced(node, name, by)).toList();
  }
}
