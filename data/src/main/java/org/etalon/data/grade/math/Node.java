package org.etalon.data.grade.math;

import java.util.List;
import org.etalon.data.grade.Rational;

/** A formula as it was read. */
public sealed interface Node {
  /** A number, exactly. */
  record Num(Rational value) implements Node {}

  /** A variable or a constant such as {@code pi}, {@code e}, {@code i}, {@code infinity}. */
  record Symbol(String name) implements Node {}

  /** Terms added up. */
  record Sum(List<Node> terms) implements Node {}

  /** Factors multiplied. */
  record Product(List<Node> factors) implements Node {}

  /** A fraction. */
  record Quotient(Node over, Node under) implements Node {}

  /** A power. */
  record Power(Node base, Node exponent) implements Node {}

  /** A root. */
  record Root(int degree, Node of) implements Node {}

  /** A function, known or not, of its arguments. */
  record Apply(String function, List<Node> arguments) implements Node {}

  /** Left plus and minus right. */
  record PlusMinus(Node left, Node right) implements Node {}

  /** A tuple or an interval, by its brackets. */
  record Bracketed(char open, List<Node> items, char close) implements Node {}

  /** A set by its elements. */
  record Elements(List<Node> items) implements Node {}

  /** {@code union}, {@code intersection} or {@code difference} of two sets. */
  record SetOperation(String operation, Node left, Node right) implements Node {}

  /** Sides of a chain of relations, e.g. {@code 1 < x <= 2}. */
  record Relation(List<Node> sides, List<String> operators) implements Node {}

  /** Answers side by side, e.g. {@code 2, 3 and 5}. */
  record Listing(List<Node> items) implements Node {}

  /** {@code a:b}. */
  record Ratio(List<Node> parts) implements Node {}

  /** Rows of a matrix. */
  record Matrix(List<List<Node>> rows) implements Node {}
}
