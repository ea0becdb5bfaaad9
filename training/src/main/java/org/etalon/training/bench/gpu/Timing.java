package org.etalon.training.bench.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times of one thing done several times.
 *
 * @param first seconds of the first time, in which it is compiled
 * @param rounds seconds of each time after that
 */
record Timing(double first, List<Double> rounds) {
  static Timing of(int rounds, Runnable work) {
    double first = seconds(work);
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      all.add(seconds(work));
    }
    return new Timing(first, all);
  }

  static double seconds(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  double median() {
    List<Double> sorted = rounds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** Median, extremes and every round, in seconds. */
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("first_s", first);
    values.put("median_s", median());
    values.put("min_s", rounds.stream().mapToDouble(d -> d).min().orElseThrow());
    values.put("max_s", rounds.stream().mapToDouble(d -> d).max().orElseThrow());
    values.put("rounds_s", rounds);
    return values;
  }
}
