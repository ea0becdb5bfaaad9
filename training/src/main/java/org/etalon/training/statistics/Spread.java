package org.etalon.training.statistics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Median and range of several measurements.
 *
 * @param median the middle one, or the mean of the middle two
 * @param min the smallest
 * @param max the largest
 */
public record Spread(double median, double min, double max) {
  /** Of at least one value. */
  public static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a median needs at least one value");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
  }

  /** The same in another unit. */
  public Spread times(double factor) {
    return new Spread(median * factor, min * factor, max * factor);
  }

  /** Median, min and max by name. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("median", median);
    json.put("min", min);
    json.put("max", max);
    return json;
  }
}
