package org.etalon.data;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name a mistyped one probably meant, for error messages. */
public final class NearestName {
  private NearestName() {}

  /**
   * The known name with the smallest edit distance to {@code name}, ignoring case; empty if none is
   * close.
   *
   * <p>Our choice: close means at most a third of the longer name differs, and always at least two
   * edits are forgiven in names longer than three characters.
   */
  public static Optional<String> of(String name, Collection<String> known) {
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      int longer = Math.max(name.length(), candidate.length());
      int allowed = longer <= 3 ? 1 : Math.max(2, longer / 3);
      if (Math.abs(name.length() - candidate.length()) > allowed) {
        continue;
      }
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance <= allowed && distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  private static int distance(String a, String b) {
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
