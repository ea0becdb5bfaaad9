package org.etalon.graph;

/**
 * How the rotary frequencies θ^(−2i/H) change so that a model reads sequences longer than those it
 * was trained on. The numbers are those of Hugging Face transformers' option of the same name.
 */
public sealed interface RopeScaling {
  /**
   * The angle per position of one channel pair.
   *
   * @param i index of the pair, from 0
   * @param headDim size of one head (H)
   * @param theta rotary base
   */
  double frequency(int i, int headDim, double theta);

  /** What cosines and sines are multiplied with. */
  default double attentionFactor() {
    return 1;
  }

  /** θ^(−2i/H). */
  private static double plain(int i, int headDim, double theta) {
    return Math.pow(theta, -2.0 * i / headDim);
  }

  /** Positions as they are. */
  record None() implements RopeScaling {
    @Override
    public double frequency(int i, int headDim, double theta) {
      return plain(i, headDim, theta);
    }
  }

  /**
   * Position interpolation: every position divided by the factor. Source: arXiv 2306.15595.
   *
   * @param factor new window over old, at least 1
   */
  record Linear(double factor) implements RopeScaling {
    public Linear {
      checkFactor("linear", factor);
    }

    @Override
    public double frequency(int i, int headDim, double theta) {
      return plain(i, headDim, theta) / factor;
    }
  }

  /**
   * Llama 3.1's scaling: wavelengths longer than {@code original/lowFrequency} positions are
   * interpolated, those shorter than {@code original/highFrequency} are kept, and between them the
   * two are blended.
   *
   * @param factor new window over old, at least 1
   * @param lowFrequency turns within the original window up to which a channel is interpolated
   * @param highFrequency turns within the original window from which a channel is kept
   * @param originalPositions window of the pretraining, tokens
   */
  record Llama3(double factor, double lowFrequency, double highFrequency, int originalPositions)
      implements RopeScaling {
    public Llama3 {
      checkFactor("llama3", factor);
      check(
          lowFrequency > 0 && highFrequency > lowFrequency,
          "llama3 rope scaling needs 0 < low_freq_factor < high_freq_factor, got "
              + lowFrequency
              + " and "
              + highFrequency);
      checkOriginal("llama3", originalPositions);
    }

    @Override
    public double frequency(int i, int headDim, double theta) {
      double kept = plain(i, headDim, theta);
      double turns = originalPositions * kept / (2 * Math.PI);
      double share = (turns - lowFrequency) / (highFrequency - lowFrequency);
      double keep = Math.min(1, Math.max(0, share));
      return (1 - keep) * kept / factor + keep * kept;
    }
  }

  /**
   * YaRN: channels that turn more than {@code betaFast} times within the original window are kept,
   * those that turn less than {@code betaSlow} times are interpolated, with a ramp over the channel
   * index between them; attention is sharpened. Source: arXiv 2309.00071, §3.2 and §3.3.
   *
   * @param factor new window over old, at least 1
   * @param originalPositions window of the pretraining, tokens
   * @param betaFast turns above which a channel is kept
   * @param betaSlow turns below which a channel is interpolated
   * @param attentionFactor multiplies cosines and sines; the paper recommends {@link
   *     #recommendedAttention}
   * @param truncate whether the ramp's ends are rounded to whole channels
   */
  record Yarn(
      double factor,
      int originalPositions,
      double betaFast,
      double betaSlow,
      double attentionFactor,
      boolean truncate)
      implements RopeScaling {
    /** Ends of a ramp must differ. */
    private static final double SHORTEST_RAMP = 0.001;

    public Yarn {
      checkFactor("yarn", factor);
      checkOriginal("yarn", originalPositions);
      check(
          betaSlow > 0 && betaFast > betaSlow,
          "yarn rope scaling needs 0 < beta_slow < beta_fast, got "
              + betaSlow
              + " and "
              + betaFast);
      check(
          attentionFactor > 0 && Double.isFinite(attentionFactor),
          "yarn rope scaling needs a positive attention_factor, got " + attentionFactor);
    }

    /** 0.1 ln factor + 1. Source: arXiv 2309.00071, §3.3. */
    public static double recommendedAttention(double factor) {
      return recommendedAttention(factor, 1);
    }

    /** 0.1 m ln factor + 1, with DeepSeek's multiplier m ("mscale"). Source: arXiv 2405.04434. */
    public static double recommendedAttention(double factor, double multiplier) {
      return factor <= 1 ? 1 : 0.1 * multiplier * Math.log(factor) + 1;
    }

    @Override
    public double frequency(int i, int headDim, double theta) {
      double low = channel(betaFast, headDim, theta);
      double high = channel(betaSlow, headDim, theta);
      if (truncate) {
        low = Math.floor(low);
        high = Math.ceil(high);
      }
      low = Math.max(low, 0);
      high = Math.min(high, headDim - 1.0);
      // Where no channel turns often enough, or all of them do, the clamped ends change places and
      // the ramp runs backwards; models are trained and served with exactly that.
      double ramp = (i - low) / (high == low ? SHORTEST_RAMP : high - low);
      double interpolate = Math.min(1, Math.max(0, ramp));
      double kept = plain(i, headDim, theta);
      return interpolate * kept / factor + (1 - interpolate) * kept;
    }

    /** The channel, a fraction, that turns {@code turns} times within the original window. */
    private double channel(double turns, int headDim, double theta) {
      return headDim * Math.log(originalPositions / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }
  }

  private static void checkFactor(String type, double factor) {
    check(
        factor >= 1 && Double.isFinite(factor),
        type + " rope scaling needs a factor of at least 1, got " + factor);
  }

  private static void checkOriginal(String type, int originalPositions) {
    check(
        originalPositions > 0,
        type
            + " rope scaling needs a positive original_max_position_embeddings, got "
            + originalPositions);
  }

  private static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
