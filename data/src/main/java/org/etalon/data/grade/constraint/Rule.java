package org.etalon.data.grade.constraint;

import java.util.Optional;

/** One rule that a text keeps or breaks. */
sealed interface Rule
    permits Amount, CaseRule, CopyRule, FormatRule, JsonRule, KeywordRule, OrderRule, PlaceRule {
  /** Why the text breaks the rule, in a few words; empty if it keeps it. */
  Optional<String> complaint(String text);

  /** The complaint unless the rule is kept. */
  static Optional<String> unless(boolean kept, String complaint) {
    return kept ? Optional.empty() : Optional.of(complaint);
  }
}
