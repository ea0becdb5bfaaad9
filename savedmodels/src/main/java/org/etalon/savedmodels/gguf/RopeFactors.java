package org.etalon.savedmodels.gguf;

import org.etalon.data.DataException;
import org.etalon.graph.RopeScaling;

/**
 * Llama 3's rotary scaling as GGUF has it: a tensor of what each frequency is divided by, instead
 * of the numbers that the factors were computed from.
 */
final class RopeFactors {
  /** Those of every Llama 3 model published so far. */
  private static final double LOW_FREQUENCY = 1;

  private static final double HIGH_FREQUENCY = 4;
  private static final int LEAST_ORIGINAL = 512;
  private static final int MOST_ORIGINAL = 1 << 20;

  /** Factors are float32, rounded a few times on the way. */
  private static final double TOLERANCE = 1e-5;

  private RopeFactors() {}

  /** What each channel pair's frequency is divided by. */
  static float[] of(RopeScaling scaling, int headDim, double theta) {
    RopeScaling plain = new RopeScaling.None();
    float[] factors = new float[headDim / 2];
    for (int i = 0; i < factors.length; i++) {
      double kept = plain.frequency(i, headDim, theta);
      factors[i] = (float) (kept / scaling.frequency(i, headDim, theta));
    }
    return factors;
  }

  /**
   * The scaling with these factors. The factor is the largest of them, the original window the
   * power of two that gives the others.
   *
   * @param file named in errors
   * @throws DataException if there is none
   */
  static RopeScaling scaling(String file, float[] factors, int headDim, double theta) {
    float factor = 0;
    for (float value : factors) {
      factor = Math.max(factor, value);
    }
    if (factors.length == headDim / 2 && matches(new RopeScaling.None(), factors, headDim, theta)) {
      return new RopeScaling.None();
    }
    for (int original = LEAST_ORIGINAL; original <= MOST_ORIGINAL; original *= 2) {
      if (factors.length == headDim / 2 && factor >= 1 && Float.isFinite(factor)) {
        RopeScaling candidate =
            new RopeScaling.Llama3(factor, LOW_FREQUENCY, HIGH_FREQUENCY, original);
        if (matches(candidate, factors, headDim, theta)) {
          return candidate;
        }
      }
    }
    throw new DataException(
        "%s: tensor %s: expected the %d factors of Llama 3's scaling with frequencies 1 and 4, got others; use the model's Hugging Face folder"
            .formatted(file, GgufNames.ROPE_FACTORS, headDim / 2));
  }

  private static boolean matches(RopeScaling scaling, float[] factors, int headDim, double theta) {
    float[] expected = of(scaling, headDim, theta);
    for (int i = 0; i < factors.length; i++) {
      if (!(Math.abs(factors[i] - expected[i]) <= TOLERANCE * expected[i])) {
        return false;
      }
    }
    return true;
  }
}
