package org.etalon.data.grade.constraint;

import java.util.List;
import java.util.Optional;

/** Rules on text that is given word for word; case and blanks at the ends do not count. */
sealed interface CopyRule extends Rule {
  private static String bare(String text) {
    return PythonText.lower(PythonText.strip(text));
  }

  /** The text begins so. */
  record BeginsWith(String given) implements CopyRule {
    @Override
    public Optional<String> complaint(String text) {
      return Rule.unless(bare(text).startsWith(bare(given)), "another beginning");
    }
  }

  /** The text ends so; quotation marks around the whole do not count. */
  record EndsWith(String given) implements CopyRule {
    @Override
    public Optional<String> complaint(String text) {
      String unquoted = PythonText.strip(PythonText.strip(text), c -> c == '"');
      return Rule.unless(PythonText.lower(unquoted).endsWith(bare(given)), "another end");
    }
  }

  /** The text is so, a number of times with six asterisks between. */
  record Is(String given, int times) implements CopyRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> copies = times == 1 ? List.of(text) : PythonText.split(text, "******");
      if (copies.size() != times) {
        return Optional.of("%d copies, %d wanted".formatted(copies.size(), times));
      }
      return Rule.unless(
          copies.stream().allMatch(copy -> bare(copy).equals(bare(given))), "no exact copy");
    }
  }

  /**
   * A phrase so many times, each time with one word changed that is neither the first nor the last.
   */
  record Varied(String phrase, int times) implements CopyRule {
    @Override
    public Optional<String> complaint(String text) {
      List<String> wanted = PythonText.tokens(phrase);
      String first = wanted.get(0) + " ";
      String last = " " + wanted.get(wanted.size() - 1);
      int found = 0;
      int at = text.indexOf(first);
      while (at >= 0) {
        int line = text.indexOf('\n', at);
        int end = text.indexOf(last, at + first.length());
        if (end < 0) {
          break;
        }
        if (line >= 0 && line < end) {
          at = text.indexOf(first, line);
          continue;
        }
        String copy = text.substring(at, end + last.length());
        if (changes(wanted, PythonText.tokens(copy)) != 1) {
          return Optional.of("not one word is changed in \"" + shortened(copy) + "\"");
        }
        found++;
        at = text.indexOf(first, end + last.length());
      }
      return Rule.unless(found == times, "%d copies, %d wanted".formatted(found, times));
    }

    /** How many words differ; −1 if there are not as many. */
    private static int changes(List<String> wanted, List<String> copy) {
      if (wanted.size() != copy.size()) {
        return -1;
      }
      int changes = 0;
      for (int i = 0; i < wanted.size(); i++) {
        changes += wanted.get(i).equals(copy.get(i)) ? 0 : 1;
      }
      return changes;
    }

    private static String shortened(String text) {
      return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
  }
}
