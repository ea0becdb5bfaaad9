package org.etalon.graph.oracle;

import java.util.Arrays;

/**
 * AdamW (Loshchilov and Hutter 2019, with decay scaled by the learning rate as in torch) over a
 * list of flat parameters, with clipping by the global norm.
 *
 * <p>One update n = 1, 2, …: {@code g ← g · min(1, maxNorm/‖g‖)}; {@code m ← β1 m + (1−β1) g};
 * {@code v ← β2 v + (1−β2) g²}; {@code p ← p − rate · decay · p − rate · (m/(1−β1ⁿ)) /
 * (sqrt(v/(1−β2ⁿ)) + e)}, where the decay uses the value before the step.
 */
public final class NaiveAdamW {
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double maxNorm;
  private double[][] first;
  private double[][] second;
  private int updates;

  /**
   * Makes an optimizer without state.
   *
   * @param maxNorm largest global gradient norm; {@link Double#POSITIVE_INFINITY} never clips
   */
  public NaiveAdamW(double beta1, double beta2, double epsilon, double maxNorm) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.maxNorm = maxNorm;
  }

  /**
   * Applies one update in place.
   *
   * @param decay weight decay of each parameter
   * @return whether it was applied; a non-finite gradient norm changes nothing
   */
  public boolean step(double[][] parameters, double[][] gradients, double rate, double... decay) {
    if (first == null) {
      first = Arrays.stream(parameters).map(p -> new double[p.length]).toArray(double[][]::new);
      second = Arrays.stream(parameters).map(p -> new double[p.length]).toArray(double[][]::new);
    }
    double norm = globalNorm(gradients);
    if (!Double.isFinite(norm)) {
      return false;
    }
    double scale = norm > maxNorm ? maxNorm / norm : 1;
    updates++;
    for (int p = 0; p < parameters.length; p++) {
      for (int i = 0; i < parameters[p].length; i++) {
        double g = gradients[p][i] * scale;
        first[p][i] = beta1 * first[p][i] + (1 - beta1) * g;
        second[p][i] = beta2 * second[p][i] + (1 - beta2) * g * g;
        double mean = first[p][i] / (1 - Math.pow(beta1, updates));
        double square = second[p][i] / (1 - Math.pow(beta2, updates));
        double before = parameters[p][i];
        parameters[p][i] =
            before - rate * decay[p] * before - rate * mean / (Math.sqrt(square) + epsilon);
      }
    }
    return true;
  }

  /** Euclidean norm over all entries of all gradients. */
  public static double globalNorm(double[][] gradients) {
    double squares = 0;
    for (double[] gradient : gradients) {
      for (double g : gradient) {
        squares += g * g;
      }
    }
    return Math.sqrt(squares);
  }

  /**
   * Learning rate of update n = 1 … total: {@code peak · n/warmup} for n ≤ warmup, then {@code
   * floor + (peak − floor) · (1 + cos(π (n − warmup)/(total − warmup)))/2}; the floor afterwards.
   *
   * <p>Our choice: n counts from 1, so the first update is not wasted at rate 0 and the last one
   * has exactly the floor. transformers' scheduler evaluates the same curve at n − 1.
   */
  public static double learningRate(long n, long warmup, long total, double peak, double floor) {
    if (n <= warmup) {
      return peak * n / warmup;
    }
    double progress = Math.min(1, (double) (n - warmup) / (total - warmup));
    return floor + (peak - floor) * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
