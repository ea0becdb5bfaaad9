package org.etalon.data.grade.math;

import java.util.Optional;

/**
 * An answer that was read as a formula.
 *
 * @param node how it is built
 */
public record Formula(Node node) {
  private static final int MOST_CHARACTERS = 1 << 12;

  /** Reads a text; empty if it is no formula, or too long or deep. */
  public static Optional<Formula> read(String text) {
    if (text.isBlank() || text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Formula(FormulaParser.parse(text)));
    } catch (FormulaException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /**
   * Whether an answer says the same as this formula, the gold answer.
   *
   * @throws WorkException if that cannot be told within the budget
   */
  public boolean isSaidBy(Formula answer, Budget budget) {
    return new Comparison(budget).equal(node, answer.node);
  }
}
