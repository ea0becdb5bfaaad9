package org.etalon.training.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name nearest to a mistyped one. */
final class Nearest {
  private Nearest() {}

  /**
   * The nearest of {@code known} by edit distance, comparing whole dotted keys and last parts, or
   * empty where nothing is near enough to be a slip of the hand.
   */
  static Optional<String> to(String name, Collection<String> known) {
    return known.stream()
        .min(Comparator.<String>comparingInt(key -> distance(name, key)).thenComparing(key -> key))
        .filter(key -> distance(name, key) <= Math.max(2, lastPart(name).length() / 2));
  }

  private static int distance(String name, String key) {
    String a = name.toLowerCase(Locale.ROOT);
    String b = key.toLowerCase(Locale.ROOT);
    // A name without its ending, or a right one in the wrong section, is nearer than a wrong name.
    return b.startsWith(a) ? 1 : Math.min(edits(a, b), edits(lastPart(a), lastPart(b)) + 1);
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private static int edits(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
