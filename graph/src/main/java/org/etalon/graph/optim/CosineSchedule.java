package org.etalon.graph.optim;

/**
 * Linear warm-up, then a cosine from the peak to a floor.
 *
 * @param peak highest learning rate
 * @param floor learning rate at the last step, at most {@code peak}
 * @param warmup steps of the linear rise
 * @param steps all steps, warm-up included
 */
public record CosineSchedule(double peak, double floor, int warmup, int steps) {
  public CosineSchedule {
    if (!(peak > 0) || !(floor >= 0) || floor > peak) {
      throw new IllegalArgumentException(
          "the learning rate must fall from a positive peak to a floor of at least 0, got "
              + peak
              + " and "
              + floor);
    }
    if (warmup < 0 || steps < 1) {
      throw new IllegalArgumentException(
          "a schedule needs at least 1 step and no negative warm-up, got " + steps + ", " + warmup);
    }
  }

  /** Learning rate of a step, counted from 0. */
  public double at(long step) {
    if (step < warmup) {
      return peak * (step + 1) / warmup;
    }
    double progress = Math.min(1, (double) (step - warmup) / Math.max(1, steps - 1 - warmup));
    return floor + (peak - floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
  }
}
