package org.etalon.data.grade.math;

/** The text is no formula that is understood here. */
final class FormulaException extends Exception {
  private static final long serialVersionUID = 1;

  FormulaException(String message) {
    super(message, null, false, false);
  }
}
