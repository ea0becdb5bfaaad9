package org.etalon.data.prepare.step;

/** A part of mathematics that the rules tell apart; label sets fold them. */
enum Area {
  ALGEBRA("algebra"),
  GEOMETRY("geometry"),
  CALCULUS("calculus"),
  STATISTICS("statistics"),
  NUMBER_THEORY("number theory"),
  COMBINATORICS("combinatorics"),
  TRIGONOMETRY("trigonometry"),
  LINEAR_ALGEBRA("linear algebra");

  private final String label;

  Area(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
