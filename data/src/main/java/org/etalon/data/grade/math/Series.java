package org.etalon.data.grade.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.grade.Rational;

/** Sums and products of a running index. */
final class Series {
  private Series() {}

  /** The terms of a sum or product with few and whole bounds; empty for any other. */
  static Optional<List<Node>> terms(Node.Apply series) {
    if (!(series.arguments().get(0) instanceof Node.Symbol index)
        || !(series.arguments().get(1) instanceof Node.Num from)
        || !(series.arguments().get(2) instanceof Node.Num to)
        || !from.value().isInteger()
        || !to.value().isInteger()
        || from.value().bits() > 32) {
      return Optional.empty();
    }
    Rational count = to.value().minus(from.value());
    if (count.compareTo(Rational.ZERO) < 0
        || count.compareTo(Rational.of(Algebra.LONGEST_SERIES)) > 0) {
      return Optional.empty();
    }
    List<Node> terms = new ArrayList<>();
    for (int i = 0; i <= count.numerator().intValueExact(); i++) {
      Node value = new Node.Num(from.value().plus(Rational.of(i)));
      terms.add(Nodes.replaced(series.arguments().get(3), index.name(), value));
    }
    return Optional.of(terms);
  }
}
