package org.etalon.training.statistics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Claim-level reliability (CLR) at test time: each of K responses breaks its reasoning into M
 * claims and judges them itself; responses whose claims hold count more in the vote.
 *
 * <p>Paper: P3 §3.1. r_k = (mean_m v_{k,m})^M; the answer is the equivalence class with the largest
 * Σ r_k. The power makes one broken claim of five cost two thirds of a vote.
 */
public final class Reliability {
  private Reliability() {}

  /**
   * The reliability of one response.
   *
   * @param upheld verdict on each of its M claims, at least one
   * @return in [0, 1]; 1 if all claims hold
   */
  public static double of(boolean[] upheld) {
    if (upheld.length == 0) {
      throw new IllegalArgumentException("reliability needs at least one claim, got none");
    }
    int holding = 0;
    for (boolean claim : upheld) {
      holding += claim ? 1 : 0;
    }
    return Math.pow((double) holding / upheld.length, upheld.length);
  }

  /**
   * The answer whose responses are most reliable together; of equal sums the one that came first.
   *
   * @param answers answer of each response, at least one; equal ones are one class, so the caller
   *     maps equivalent forms to one of them
   * @param reliabilities r_k of each response
   */
  public static <A> A vote(List<A> answers, double[] reliabilities) {
    if (answers.isEmpty() || answers.size() != reliabilities.length) {
      throw new IllegalArgumentException(
          "a vote needs at least one answer and a reliability of each, got "
              + answers.size()
              + " and "
              + reliabilities.length);
    }
    Map<A, Double> sums = new LinkedHashMap<>();
    for (int k = 0; k < reliabilities.length; k++) {
      sums.merge(answers.get(k), reliabilities[k], Double::sum);
    }
    A best = answers.get(0);
    for (Map.Entry<A, Double> entry : sums.entrySet()) {
      best = entry.getValue() > sums.get(best) ? entry.getKey() : best;
    }
    return best;
  }
}
