package org.etalon.graph.oracle;

import java.util.Arrays;

/**
 * The scalar formulas of both phases: masked cross-entropy, and per group accuracy, max-entropy
 * deviation, weight, advantage and the reward shifts. Natural logarithms throughout.
 */
public final class NaiveLosses {
  private NaiveLosses() {}

  /**
   * Masked mean cross-entropy in nats per token: {@code −Σ mask · logProb / Σ mask} over all rows.
   *
   * @param logProbs log-probabilities of the target tokens, ragged [B][T]
   * @param mask which targets count, same shape
   */
  public static double crossEntropy(double[][] logProbs, boolean[][] mask) {
    double sum = 0;
    int count = 0;
    for (int b = 0; b < logProbs.length; b++) {
      for (int t = 0; t < logProbs[b].length; t++) {
        if (mask[b][t]) {
          sum -= logProbs[b][t];
          count++;
        }
      }
    }
    return sum / count;
  }

  /** Derivative of {@link #crossEntropy} by each log-probability: {@code −1/Σ mask} or 0. */
  public static double[][] crossEntropyGradient(boolean[][] mask) {
    int count = 0;
    for (boolean[] row : mask) {
      for (boolean on : row) {
        count += on ? 1 : 0;
      }
    }
    double[][] gradient = new double[mask.length][];
    for (int b = 0; b < mask.length; b++) {
      gradient[b] = new double[mask[b].length];
      for (int t = 0; t < mask[b].length; t++) {
        gradient[b][t] = mask[b][t] ? -1.0 / count : 0;
      }
    }
    return gradient;
  }

  /** Accuracy p_c of a group: the share of rewards equal to 1. */
  public static double accuracy(double[] rewards) {
    return (double) Arrays.stream(rewards).filter(r -> r == 1).count() / rewards.length;
  }

  /**
   * Max-entropy deviation in nats, Paper: §3.4: {@code D_ME(p‖½) = p ln 2p + (1−p) ln 2(1−p)}, with
   * 0 ln 0 = 0.
   */
  public static double deviation(double accuracy) {
    return relative(accuracy) + relative(1 - accuracy);
  }

  /** Weight w_ME, Paper: §3.4: {@code exp(−sharpness · D_ME)}; sharpness 0 gives 1. */
  public static double weight(double accuracy, double sharpness) {
    return Math.exp(-sharpness * deviation(accuracy));
  }

  /**
   * Group advantages {@code (r − mean) / (deviation + epsilon)}; all 0 where the rewards are equal.
   *
   * @param ddof 0 for the population deviation, 1 for the sample deviation
   */
  public static double[] advantages(double[] rewards, int ddof, double epsilon) {
    double mean = Arrays.stream(rewards).sum() / rewards.length;
    double squares = Arrays.stream(rewards).map(r -> (r - mean) * (r - mean)).sum();
    double sigma = Math.sqrt(squares / (rewards.length - ddof));
    return Arrays.stream(rewards)
        .map(r -> squares == 0 ? 0 : (r - mean) / (sigma + epsilon))
        .toArray();
  }

  /**
   * Long2Short over the correct rollouts C of a group: {@code r + shift · (s − mean s) / max |s −
   * mean s|} with {@code s = 1/length}; wrong rollouts, and groups whose correct lengths are equal,
   * keep their rewards. The shifts of a group sum to 0.
   */
  public static double[] longToShort(double[] rewards, int[] lengths, double shift) {
    double sum = 0;
    int correct = 0;
    for (int i = 0; i < rewards.length; i++) {
      if (rewards[i] == 1) {
        sum += 1.0 / lengths[i];
        correct++;
      }
    }
    double largest = 0;
    boolean equal = true;
    int first = -1;
    for (int i = 0; i < rewards.length; i++) {
      if (rewards[i] == 1) {
        first = first < 0 ? lengths[i] : first;
        equal &= lengths[i] == first;
        largest = Math.max(largest, Math.abs(1.0 / lengths[i] - sum / correct));
      }
    }
    double[] shifted = rewards.clone();
    for (int i = 0; i < rewards.length && !equal; i++) {
      if (rewards[i] == 1) {
        shifted[i] += shift * (1.0 / lengths[i] - sum / correct) / largest;
      }
    }
    return shifted;
  }

  /**
   * Soft overlong penalty (DAPO, equation 13): 0 up to {@code limit − window} tokens, then falling
   * linearly to −1 at {@code limit}, −1 beyond.
   */
  public static double overlongPenalty(int length, int limit, int window) {
    return Math.max(-1, Math.min(0, (double) (limit - window - length) / window));
  }

  private static double relative(double share) {
    return share == 0 ? 0 : share * Math.log(2 * share);
  }
}
