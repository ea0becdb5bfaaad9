package org.etalon.graph.loss;

import java.util.Arrays;
import java.util.Locale;

/**
 * Estimators of KL(π‖π_ref) from one sample, with d = ln π − ln π_ref (Schulman, "Approximating KL
 * Divergence", 2020).
 */
public enum KlEstimator {
  /** d: unbiased, may be negative. */
  K1,
  /** d²/2: biased, low variance. */
  K2,
  /** e^−d + d − 1: unbiased, never negative. GRPO's. */
  K3;

  /** The estimator called {@code name}, in any case. */
  public static KlEstimator of(String name) {
    return Arrays.stream(values())
        .filter(k -> k.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("KL estimator must be k1, k2 or k3, got " + name));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
