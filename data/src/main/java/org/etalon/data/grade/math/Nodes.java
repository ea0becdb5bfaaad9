package org.etalon.data.grade.math;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.etalon.data.grade.Rational;

/** Takes formulas apart and puts them together. */
final class Nodes {
  private static final ImmutableSet<String> CONSTANTS =
      ImmutableSet.of("pi", "e", "i", "infinity", "empty");

  private Nodes() {}

  /** A formula with another in the place of a name. */
  static Node replaced(Node node, String name, Node by) {
    return node instanceof Node.Symbol symbol
        ? symbol.name().equals(name) ? by : node
        : mapped(node, part -> replaced(part, name, by));
  }

  /** A formula with each ± read as plus, or each as minus. */
  static Node signed(Node node, boolean plus) {
    Node signed = mapped(node, part -> signed(part, plus));
    if (!(signed instanceof Node.PlusMinus both)) {
      return signed;
    }
    return plus
        ? new Node.Sum(List.of(both.left(), both.right()))
        : minus(both.left(), both.right());
  }

  /** Whether there is a ± in a term. */
  static boolean hasSigns(Node node) {
    return node instanceof Node.PlusMinus
        || (isTerm(node) && parts(node).stream().anyMatch(Nodes::hasSigns));
  }

  private static boolean isTerm(Node node) {
    return node instanceof Node.Sum
        || node instanceof Node.Product
        || node instanceof Node.Quotient
        || node instanceof Node.Power
        || node instanceof Node.Root
        || node instanceof Node.Apply;
  }

  /** A term with its parts replaced; anything that is no term as it is. */
  private static Node mapped(Node node, UnaryOperator<Node> change) {
    if (node instanceof Node.Sum sum) {
      return new Node.Sum(mapped(sum.terms(), change));
    }
    if (node instanceof Node.Product product) {
      return new Node.Product(mapped(product.factors(), change));
    }
    if (node instanceof Node.Quotient quotient) {
      return new Node.Quotient(change.apply(quotient.over()), change.apply(quotient.under()));
    }
    if (node instanceof Node.Power power) {
      return new Node.Power(change.apply(power.base()), change.apply(power.exponent()));
    }
    if (node instanceof Node.Root root) {
      return new Node.Root(root.degree(), change.apply(root.of()));
    }
    if (node instanceof Node.Apply apply) {
      return new Node.Apply(apply.function(), mapped(apply.arguments(), change));
    }
    if (node instanceof Node.PlusMinus both) {
      return new Node.PlusMinus(change.apply(both.left()), change.apply(both.right()));
    }
    return node instanceof Node.Ratio ratio ? new Node.Ratio(mapped(ratio.parts(), change)) : node;
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

  private static List<Node> mapped(List<Node> nodes, UnaryOperator<Node> change) {
    return nodes.stream().map(change).toList();
  }
}
