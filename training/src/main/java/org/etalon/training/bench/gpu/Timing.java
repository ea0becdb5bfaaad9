package org.etalon.training.bench.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.training.statistics.Spread;

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
    return Spread.of(rounds).median();
  }

  /** Median, extremes and every round, in seconds. */
  Map<String, Object> values() {
    Spread spread = Spread.of(rounds);
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("first_s", first);
    values.put("median_s", spread.median());
    values.put("min_s", spread.min());
    values.put("max_s", spread.max());
    values.put("rounds_s", rounds);
    return values;
  }
}
