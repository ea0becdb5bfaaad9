package org.etalon.data.grade.constraint;

import java.util.Optional;

/**
 * So many of something: words, sentences, bullets, a keyword.
 *
 * @param quantity what is counted
 * @param relation how the count is compared
 * @param wanted the number it is compared with
 */
record Amount(Quantity quantity, Relation relation, int wanted) implements Rule {
  @Override
  public Optional<String> complaint(String text) {
    int amount = quantity.in(text);
    return Rule.unless(
        relation.holds(amount, wanted),
        "%d %s, %s %d wanted".formatted(amount, quantity.noun(), relation.label(), wanted));
  }
}
