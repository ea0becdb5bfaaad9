package org.etalon.graph.loss;

/**
 * How much a prompt's group teaches, by how near its accuracy is to one half.
 *
 * <p>Paper: P1 §3.4. D_ME(p‖p₀) = p ln(p/p₀) + (1−p) ln((1−p)/(1−p₀)) with p₀ = ½ and 0·ln 0 = 0;
 * w_ME = exp(−λ D_ME). λ = 0 gives w = 1: GRPO.
 *
 * @param lambda sharpness λ, at least 0
 */
public record MaxEntropyWeight(double lambda) {
  public MaxEntropyWeight {
    if (!(lambda >= 0)) {
      throw new IllegalArgumentException(
          "sharpness lambda must be at least 0, got " + lambda + "; set mgpo.lambda");
    }
  }

  /** Max-entropy deviation D_ME of a group accuracy, nats: 0 at ½, ln 2 at 0 and 1. */
  public static double deviation(double accuracy) {
    if (!(accuracy >= 0 && accuracy <= 1)) {
      throw new IllegalArgumentException("an accuracy lies in [0, 1], got " + accuracy);
    }
    return term(accuracy) + term(1 - accuracy);
  }

  /** w_ME of a group accuracy, in (0, 1]. */
  public double weight(double accuracy) {
    return Math.exp(-lambda * deviation(accuracy));
  }

  private static double term(double p) {
    return p == 0 ? 0 : p * Math.log(p / 0.5);
  }
}
