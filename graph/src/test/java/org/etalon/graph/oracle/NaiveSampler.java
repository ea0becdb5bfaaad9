package org.etalon.graph.oracle;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Sampling from one row of logits [V] by temperature, top-k and top-p, with an inverse-CDF draw.
 *
 * <p>Order of the filters: temperature, then top-k, then top-p over what top-k left, renormalised.
 * Top-p keeps the smallest set of most probable tokens whose mass reaches p: a token stays while
 * the mass before it is below p. Equal logits rank by the lower id.
 */
public final class NaiveSampler {
  private NaiveSampler() {}

  /** Natural log-softmax of logits / temperature; −∞ stays −∞. */
  public static double[] logSoftmax(double[] logits, double temperature) {
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      max = Math.max(max, logit / temperature);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit / temperature - max);
    }
    double[] result = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      result[i] = logits[i] / temperature - max - Math.log(sum);
    }
    return result;
  }

  /** Log-probability of a token under the full, unfiltered distribution at a temperature. */
  public static double logProb(double[] logits, double temperature, int token) {
    return logSoftmax(logits, temperature)[token];
  }

  /** The most probable token; the lowest id among equals. */
  public static int greedy(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * Probabilities [V] after the filters, summing to 1; a token that was filtered has 0.
   *
   * @param topK number of tokens kept; 0 keeps all
   * @param topP mass kept, in (0, 1]; 1 keeps all
   */
  public static double[] filtered(double[] logits, double temperature, int topK, double topP) {
    int[] ranked = ranked(logits);
    int kept = topK == 0 ? logits.length : Math.min(topK, logits.length);
    double[] probabilities = new double[logits.length];
    double[] logP = logSoftmax(logits, temperature);
    double mass = 0;
    for (int rank = 0; rank < kept; rank++) {
      mass += Math.exp(logP[ranked[rank]]);
    }
    double before = 0;
    for (int rank = 0; rank < kept && (topP >= 1 || before < topP); rank++) {
      double probability = Math.exp(logP[ranked[rank]]) / mass;
      probabilities[ranked[rank]] = probability;
      before += probability;
    }
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] /= before;
    }
    return probabilities;
  }

  /**
   * The first id, in vocabulary order, whose cumulative probability exceeds {@code uniform}, which
   * is in [0, 1). A rounding gap at the end falls to the last id with mass.
   */
  public static int draw(double[] probabilities, double uniform) {
    return drawInOrder(probabilities, IntStream.range(0, probabilities.length).toArray(), uniform);
  }

  /** The same draw with the ids walked from the most probable down, equals by the lower id. */
  public static int drawDescending(double[] probabilities, double uniform) {
    return drawInOrder(probabilities, ranked(probabilities), uniform);
  }

  private static int drawInOrder(double[] probabilities, int[] order, double uniform) {
    double cumulative = 0;
    int last = -1;
    for (int id : order) {
      if (probabilities[id] > 0) {
        cumulative += probabilities[id];
        last = id;
        if (uniform < cumulative) {
          return id;
        }
      }
    }
    return last;
  }

  private static int[] ranked(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
