package org.etalon.data.prepare.step;

import com.google.common.collect.ImmutableMap;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;

/**
 * Assigns problems to splits by shares, in one pass and without memory.
 *
 * <p>The split depends on a seeded hash of the normalised prompt alone: not on the id, the order or
 * the other problems. So copies never lie in two splits, and a problem stays in its split when
 * others are added.
 */
public final class SplitShares {
  private static final double TOLERANCE = 1e-9;

  private final ImmutableMap<String, Double> shares;
  private final long seed;

  /**
   * @param shares of each split, together 1; the order counts
   * @param seed another seed, another split
   * @throws DataException if a share is no share or they are not 1 together
   */
  public SplitShares(Map<String, Double> shares, long seed) {
    this.shares = ImmutableMap.copyOf(shares);
    this.seed = seed;
    double sum = 0;
    for (Map.Entry<String, Double> share : this.shares.entrySet()) {
      Check.share("share of " + share.getKey(), share.getValue());
      sum += share.getValue();
    }
    if (Math.abs(sum - 1) > TOLERANCE) {
      throw new DataException(
          "shares of splits must be 1 together, got " + sum + " for " + shares + "; correct them");
    }
  }

  /** The split of a problem. */
  public String of(Problem problem) {
    // The upper 53 bits are a number from 0 to 1 without rounding.
    double at = (PromptKey.of(problem.prompt(), seed) >>> 11) * 0x1p-53;
    String last = "";
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      at -= share.getValue();
      if (share.getValue() > 0) {
        last = share.getKey();
        if (at < 0) {
          return last;
        }
      }
    }
    return last;
  }
}
