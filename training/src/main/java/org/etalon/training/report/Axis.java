package org.etalon.training.report;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A linear axis that ends on round numbers.
 *
 * @param min value at its begin
 * @param max value at its end, greater than {@code min}
 * @param ticks round values from {@code min} to {@code max}
 */
record Axis(double min, double max, List<Double> ticks) {
  Axis {
    ticks = ImmutableList.copyOf(ticks);
  }

  /** An axis over a range, with about {@code count} steps of 1, 2 or 5 times a power of ten. */
  static Axis over(double low, double high, int count) {
    if (!(high > low)) {
      double margin = low == 0 ? 1 : Math.abs(low) * 0.1;
      return over(low - margin, high + margin, count);
    }
    double step = roundStep((high - low) / count);
    double min = Math.floor(low / step + 1e-9) * step;
    double max = Math.ceil(high / step - 1e-9) * step;
    return new Axis(min, max, ticks(min, max, step));
  }

  /** An axis of exactly this range, with round ticks inside it. */
  static Axis exactly(double low, double high, int count) {
    if (!(high > low)) {
      return new Axis(low - 0.5, low + 0.5, List.of(low));
    }
    double step = roundStep((high - low) / count);
    return new Axis(low, high, ticks(Math.ceil(low / step - 1e-9) * step, high, step));
  }

  /** Where a value lies, 0 at the begin and 1 at the end. */
  double position(double value) {
    return (value - min) / (max - min);
  }

  private static double roundStep(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double factor = rough / power;
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  }

  private static List<Double> ticks(double from, double to, double step) {
    ImmutableList.Builder<Double> ticks = ImmutableList.builder();
    long count = Math.round(Math.floor((to - from) / step + 1e-9));
    for (long i = 0; i <= count; i++) {
      double tick = from + i * step;
      // Sums of steps such as 0.1 gather rounding errors; a tick at zero is exactly zero.
      ticks.add(Math.abs(tick) < step * 1e-9 ? 0.0 : tick);
    }
    return ticks.build();
  }
}
