package org.etalon.graph.program;

/**
 * How tokens are drawn.
 *
 * @param temperature at least 0; 0 takes the most likely token
 * @param topK number of tokens to choose from; 0 for all
 * @param topP least total probability to choose from, in (0, 1]; 1 for all
 * @param seed with a sequence's key and a token's index it fixes every draw
 */
public record Sampling(double temperature, int topK, double topP, long seed) {
  public Sampling {
    if (!(temperature >= 0)) {
      throw new IllegalArgumentException("temperature must be at least 0, got " + temperature);
    }
    if (topK < 0) {
      throw new IllegalArgumentException("topK must be at least 0 (0: all), got " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be in (0, 1], got " + topP);
    }
  }

  /** The most likely token every time. */
  public static Sampling greedy() {
    return new Sampling(0, 0, 1, 0);
  }

  /** The whole distribution at a temperature. */
  public static Sampling at(double temperature, long seed) {
    return new Sampling(temperature, 0, 1, seed);
  }

  /** Whether top-k or top-p leaves tokens out. */
  public boolean truncates() {
    return topK > 0 || topP < 1;
  }
}
