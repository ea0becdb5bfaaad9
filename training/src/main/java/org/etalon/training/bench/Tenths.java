package org.etalon.training.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.etalon.training.statistics.Spread;

/**
 * Time and resident memory of many rounds by tenths, to see whether rounds get slower or bigger.
 * The first tenth is left out of the comparison: caches and heaps still fill up in it.
 */
final class Tenths {
  /** Our choice: more than the spread of a quiet machine, less than any leak over many rounds. */
  private static final double MOST_SLOWER = 1.05;

  private static final double MOST_BIGGER = 1.02;

  private final List<Tenth> tenths = new ArrayList<>();

  /**
   * One tenth of the rounds.
   *
   * @param seconds median
   * @param resident bytes at its end
   */
  record Tenth(double seconds, long resident) {}

  /**
   * @param rounds at least ten; a rest that makes no whole tenth is left out
   */
  Tenths(List<Round> rounds) {
    int size = rounds.size() / 10;
    for (int i = 0; i < 10; i++) {
      List<Round> part = rounds.subList(i * size, (i + 1) * size);
      double median = Spread.of(part.stream().map(Round::seconds).toList()).median();
      tenths.add(new Tenth(median, part.get(size - 1).resident()));
    }
  }

  /** Median time of the last tenth over that of the second. */
  double slower() {
    return tenths.get(9).seconds / tenths.get(1).seconds;
  }

  /** Memory after the last tenth over that after the second. */
  double bigger() {
    return (double) tenths.get(9).resident / Math.max(1, tenths.get(1).resident);
  }

  /** Whether neither grew. */
  boolean steady() {
    return slower() <= MOST_SLOWER && bigger() <= MOST_BIGGER;
  }

  /** For the record. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds", tenths.stream().map(Tenth::seconds).toList());
    json.put("resident_bytes", tenths.stream().map(Tenth::resident).toList());
    json.put("slower", slower());
    json.put("bigger", bigger());
    json.put("steady", steady());
    return json;
  }

  void print(PrintWriter out) {
    out.println("  tenth   median s   resident GB");
    for (int i = 0; i < tenths.size(); i++) {
      Tenth tenth = tenths.get(i);
      out.printf(Locale.ROOT, "  %5d %10.5f %13.3f%n", i + 1, tenth.seconds, tenth.resident / 1e9);
    }
    out.printf(
        Locale.ROOT,
        "  %s: from the second to the last tenth, time x %.3f, memory x %.3f%n",
        steady() ? "steady" : "not steady",
        slower(),
        bigger());
  }
}
