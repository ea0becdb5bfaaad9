package org.etalon.data.grade.constraint;

import java.util.Arrays;
import java.util.List;

/** How an amount is compared with the one wanted. */
enum Relation {
  AT_LEAST("at least"),
  AT_MOST("at most"),
  LESS_THAN("less than"),
  MORE_THAN("more than"),
  EXACTLY("exactly"),
  /** Within a tenth, and always within one, as Tulu 3 counts words. */
  AROUND("around");

  private final String label;

  Relation(String label) {
    this.label = label;
  }

  /** The words that files use, e.g. {@code at least}. */
  String label() {
    return label;
  }

  static List<String> labels() {
    return Arrays.stream(values()).map(Relation::label).toList();
  }

  boolean holds(int amount, int wanted) {
    return switch (this) {
      case AT_LEAST -> amount >= wanted;
      case AT_MOST -> amount <= wanted;
      case LESS_THAN -> amount < wanted;
      case MORE_THAN -> amount > wanted;
      case EXACTLY -> amount == wanted;
      case AROUND -> Math.abs((long) amount - wanted) <= Math.max(1, Math.rint(wanted * 0.1));
    };
  }
}
