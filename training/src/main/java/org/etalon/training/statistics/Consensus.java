package org.etalon.training.statistics;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * cons@k: the chance that the most frequent answer of k responses is right.
 *
 * <p>Paper: the released evaluation program of P1 reports cons@n with equal texts as one answer and
 * ties shared. Here the caller says which answers are one; a response without an answer has no
 * vote, and no vote at all is wrong. Of tied answers each counts by its share, as if one were
 * drawn.
 */
public final class Consensus {
  /** The class of a response that gives no answer. */
  public static final int NONE = -1;

  /** Our choice: 200 subsets leave a standard error of at most 3.6 points for one problem. */
  private static final int SUBSETS = 200;

  private Consensus() {}

  /**
   * The score of one problem's responses, all of them.
   *
   * @param classes the answer of each response as a number from 0, or {@link #NONE}
   * @param correct whether each is right
   * @return from 0 to 1
   */
  public static double of(int[] classes, boolean[] correct) {
    int[] all = new int[classes.length];
    Arrays.setAll(all, i -> i);
    return of(classes, correct, all, all.length);
  }

  /**
   * The score that {@code k} of the responses would have. For k below n it is the mean over 200
   * subsets drawn without replacement: an estimate, the same for the same seed.
   *
   * @throws IllegalArgumentException unless {@code 1 <= k <= n}
   */
  public static double of(int[] classes, boolean[] correct, int k, long seed) {
    int n = classes.length;
    if (k < 1 || k > n) {
      throw new IllegalArgumentException("k must be between 1 and the " + n + " samples, got " + k);
    }
    if (k == n) {
      return of(classes, correct);
    }
    RandomGenerator random = new Well19937c(seed);
    int[] order = new int[n];
    Arrays.setAll(order, i -> i);
    double sum = 0;
    for (int subset = 0; subset < SUBSETS; subset++) {
      for (int i = 0; i < k; i++) {
        int other = i + random.nextInt(n - i);
        int kept = order[i];
        order[i] = order[other];
        order[other] = kept;
      }
      sum += of(classes, correct, order, k);
    }
    return sum / SUBSETS;
  }

  /** The score of the first {@code k} responses of an order. */
  private static double of(int[] classes, boolean[] correct, int[] order, int k) {
    int[] votes = new int[Arrays.stream(classes).max().orElse(NONE) + 1];
    int most = 0;
    for (int i = 0; i < k; i++) {
      int answer = classes[order[i]];
      if (answer != NONE) {
        most = Math.max(most, ++votes[answer]);
      }
    }
    int voters = 0;
    int right = 0;
    for (int i = 0; i < k; i++) {
      int answer = classes[order[i]];
      if (answer != NONE && votes[answer] == most) {
        voters++;
        right += correct[order[i]] ? 1 : 0;
      }
    }
    return voters == 0 ? 0 : (double) right / voters;
  }
}
