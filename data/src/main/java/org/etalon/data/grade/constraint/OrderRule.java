package org.etalon.data.grade.constraint;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/** Rules on the order of what a text holds. */
sealed interface OrderRule extends Rule {
  /**
   * Some texts one after another, in any case. Each is looked for behind the one before it, so one
   * that also stands elsewhere does no harm.
   */
  record InOrder(ImmutableList<String> items) implements OrderRule {
    @Override
    public Optional<String> complaint(String text) {
      String lower = PythonText.lower(text);
      int from = 0;
      for (int i = 0; i < items.size(); i++) {
        String item = PythonText.lower(items.get(i));
        int at = lower.indexOf(item, from);
        if (at < 0) {
          return Optional.of(
              i == 0
                  ? "no \"" + items.get(i) + "\""
                  : "no \"%s\" after \"%s\"".formatted(items.get(i), items.get(i - 1)));
        }
        from = at + item.length();
      }
      return Optional.empty();
    }
  }

  /** A list of two items at least, sorted by its text in any case. */
  record SortedList(boolean descending) implements OrderRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> items = Markup.items(text);
      if (items.size() < 2) {
        return Optional.of("no list of two items");
      }
      for (int i = 1; i < items.size(); i++) {
        int order = PythonText.lower(items.get(i - 1)).compareTo(PythonText.lower(items.get(i)));
        if (descending ? order < 0 : order > 0) {
          return Optional.of("\"%s\" before \"%s\"".formatted(items.get(i - 1), items.get(i)));
        }
      }
      return Optional.empty();
    }
  }

  /** A list numbered 1, 2, 3 without a gap, of at least one item. */
  record NumberedList() implements OrderRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> numbers = Markup.numberedItems(text);
      for (int i = 0; i < numbers.size(); i++) {
        // As text: a hostile number may have a million digits.
        if (!numbers.get(i).equals(Integer.toString(i + 1))) {
          return Optional.of("item %d has another number".formatted(i + 1));
        }
      }
      return Rule.unless(!numbers.isEmpty(), "no numbered list");
    }
  }
}
