package org.etalon.data.grade.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.data.grade.Rational;

/** Multiplies, adds and expands matrices of formulas. */
final class Matrices {
  /** Our choice: larger determinants are not expanded. */
  private static final int LARGEST_DETERMINANT = 5;

  /** Our choice: larger matrices are not multiplied. */
  private static final int LARGEST_PRODUCT = 12;

  private Matrices() {}

  /**
   * The rows of a formula that is a matrix, or of sums and products of matrices and numbers; empty
   * if it is one number.
   *
   * @throws FormulaException if the sizes do not fit
   */
  static Optional<List<List<Node>>> rows(Node node) throws FormulaException {
    if (node instanceof Node.Matrix matrix) {
      return Optional.of(matrix.rows());
    }
    if (node instanceof Node.Product product
        && product.factors().stream().anyMatch(Matrices::has)) {
      return product(product.factors());
    }
    if (node instanceof Node.Sum sum && sum.terms().stream().anyMatch(Matrices::has)) {
      return sum(sum.terms());
    }
    return Optional.empty();
  }

  private static boolean has(Node node) {
    if (node instanceof Node.Product product) {
      return product.factors().stream().anyMatch(Matrices::has);
    }
    if (node instanceof Node.Sum sum) {
      return sum.terms().stream().anyMatch(Matrices::has);
    }
    return node instanceof Node.Matrix;
  }

  private static Optional<List<List<Node>>> product(List<Node> factors) throws FormulaException {
    List<Node> scalars = new ArrayList<>();
    Optional<List<List<Node>>> product = Optional.empty();
    for (Node factor : factors) {
      Optional<List<List<Node>>> next = rows(factor);
      if (next.isEmpty()) {
        scalars.add(factor);
      } else {
        product = Optional.of(product.isEmpty() ? next.get() : times(product.get(), next.get()));
      }
    }
    if (scalars.isEmpty()) {
      return product;
    }
    Node factor = new Node.Product(scalars);
    return product.map(
        rows ->
            rows.stream()
                .map(
                    row ->
                        row.stream().map(x -> (Node) new Node.Product(List.of(factor, x))).toList())
                .toList());
  }

  private static List<List<Node>> times(List<List<Node>> a, List<List<Node>> b)
      throws FormulaException {
    int inner = b.size();
    if (a.get(0).size() != inner
        || Math.max(a.size(), Math.max(inner, b.get(0).size())) > LARGEST_PRODUCT) {
      throw new FormulaException("matrices that cannot be multiplied");
    }
    List<List<Node>> rows = new ArrayList<>();
    for (List<Node> left : a) {
      List<Node> row = new ArrayList<>();
      for (int j = 0; j < b.get(0).size(); j++) {
        List<Node> terms = new ArrayList<>();
        for (int k = 0; k < inner; k++) {
          terms.add(new Node.Product(List.of(left.get(k), b.get(k).get(j))));
        }
        row.add(new Node.Sum(terms));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Optional<List<List<Node>>> sum(List<Node> terms) throws FormulaException {
    List<List<Node>> sum = null;
    for (Node term : terms) {
      List<List<Node>> next =
          rows(term).orElseThrow(() -> new FormulaException("a number added to a matrix"));
      sum = sum == null ? next : plus(sum, next);
    }
    return Optional.of(sum);
  }

  private static List<List<Node>> plus(List<List<Node>> a, List<List<Node>> b)
      throws FormulaException {
    if (a.size() != b.size() || a.get(0).size() != b.get(0).size()) {
      throw new FormulaException("matrices of different sizes");
    }
    List<List<Node>> rows = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      List<Node> row = new ArrayList<>();
      for (int j = 0; j < a.get(i).size(); j++) {
        row.add(new Node.Sum(List.of(a.get(i).get(j), b.get(i).get(j))));
      }
      rows.add(row);
    }
    return rows;
  }

  /**
   * The determinant, expanded along first rows.
   *
   * @throws FormulaException if the matrix is not square, or too large
   */
  static Node determinant(List<List<Node>> rows) throws FormulaException {
    int size = rows.size();
    if (rows.get(0).size() != size || size > LARGEST_DETERMINANT) {
      throw new FormulaException("a determinant of " + size + " rows");
    }
    if (size == 1) {
      return rows.get(0).get(0);
    }
    List<Node> terms = new ArrayList<>();
    for (int column = 0; column < size; column++) {
      List<List<Node>> minor = new ArrayList<>();
      for (List<Node> row : rows.subList(1, size)) {
        List<Node> rest = new ArrayList<>(row);
        rest.remove(column);
        minor.add(rest);
      }
      Node sign = new Node.Num(Rational.of(column % 2 == 0 ? 1 : -1));
      terms.add(new Node.Product(List.of(sign, rows.get(0).get(column), determinant(minor))));
    }
    return new Node.Sum(terms);
  }
}
