package org.etalon.graph.loss;

/**
 * Long2Short: among the right responses of a group, short ones gain what long ones lose.
 *
 * <p>Paper: P3 §2.2. Over the right responses C: s_i = 1/L_i and r'_i = r_i + λ (s_i − s̄)/max_j
 * |s_j − s̄|. The shifts sum to 0, so the group's mean reward does not move; rewards stay as they
 * are where all right responses are equally long. Accuracy, and with it the max-entropy weight,
 * comes from the verdicts and is not touched.
 *
 * @param lambda largest shift λ of a reward, at least 0; 0 is off
 */
public record LongToShort(double lambda) {
  public LongToShort {
    if (!(lambda >= 0) || Double.isInfinite(lambda)) {
      throw new IllegalArgumentException(
          "the Long2Short shift must be at least 0, got " + lambda + "; set mgpo.long2short");
    }
  }

  /**
   * Rewards of one group, shifted.
   *
   * @param correct binary verdict of each response
   * @param lengths tokens of each response, at least 1
   * @param rewards reward of each response; not changed
   */
  public double[] shift(boolean[] correct, int[] lengths, double[] rewards) {
    if (correct.length != rewards.length || lengths.length != rewards.length) {
      throw new IllegalArgumentException(
          "a group needs a verdict, a length and a reward of each response, got "
              + correct.length
              + ", "
              + lengths.length
              + " and "
              + rewards.length);
    }
    double[] shifted = rewards.clone();
    double mean = meanBrevity(correct, lengths);
    double widest = 0;
    for (int i = 0; i < lengths.length; i++) {
      widest = correct[i] ? Math.max(widest, Math.abs(brevity(lengths[i]) - mean)) : widest;
    }
    if (lambda == 0 || sameLength(correct, lengths)) {
      return shifted;
    }
    for (int i = 0; i < lengths.length; i++) {
      shifted[i] += correct[i] ? lambda * (brevity(lengths[i]) - mean) / widest : 0;
    }
    return shifted;
  }

  private static double meanBrevity(boolean[] correct, int[] lengths) {
    double sum = 0;
    int right = 0;
    for (int i = 0; i < lengths.length; i++) {
      sum += correct[i] ? brevity(lengths[i]) : 0;
      right += correct[i] ? 1 : 0;
    }
    return right == 0 ? 0 : sum / right;
  }

  /** Decided on whole numbers: rounding in the mean must not become a shift of full size. */
  private static boolean sameLength(boolean[] correct, int[] lengths) {
    int length = 0;
    for (int i = 0; i < lengths.length; i++) {
      if (correct[i] && length > 0 && lengths[i] != length) {
        return false;
      }
      length = correct[i] ? lengths[i] : length;
    }
    return true;
  }

  private static double brevity(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("a response has at least 1 token, got " + length);
    }
    return 1.0 / length;
  }
}
