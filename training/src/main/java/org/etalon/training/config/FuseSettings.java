package org.etalon.training.config;

import java.util.List;

/**
 * Fusion of the specialists. Paper: §3.3, a weighted mean with weights that are not negative and
 * sum to 1; the paper uses equal ones.
 *
 * @param weights one weight per subdomain in alphabetical order, or empty for equal weights
 */
public record FuseSettings(List<Double> weights) {
  public FuseSettings {
    weights = Check.copy("fuse.weights", weights);
    double sum = 0;
    for (double weight : weights) {
      Check.within("fuse.weights", "a fusion weight", weight, 0, 1);
      sum += weight;
    }
    Check.that(
        weights.isEmpty() || Math.abs(sum - 1) <= 1e-6,
        "fuse.weights",
        "fusion weights must sum to 1, got " + sum);
  }
}
