package org.etalon.data.prepare.step;

import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.etalon.data.DataException;
import org.etalon.data.problem.Problem;

/**
 * Assigns problems to splits of an exact number per subdomain, in two passes: {@link #see} every
 * problem, then ask the {@link Assignment} of {@link #assign} for each. Memory grows with the
 * numbers asked for, not with the problems.
 *
 * <p>In each subdomain the prompts with the smallest seeded hashes are taken, first for the first
 * split. So neither order nor ids matter, copies of a prompt lie in one split and count once, and
 * new problems displace few of the old ones.
 */
public final class SplitCounts {
  /** Our choice: names of subdomains beyond that are a mistake. */
  private static final int MOST_SUBDOMAINS = 10_000;

  private final ImmutableMap<String, Integer> counts;
  private final String rest;
  private final long seed;
  private final int wanted;
  private final Map<String, TreeSet<Long>> smallest = new TreeMap<>();

  /**
   * @param counts different prompts per subdomain of each split; the order counts
   * @param rest the split of all others
   * @param seed another seed, another choice
   * @throws DataException if a number is below 1 or the rest has the name of another split
   */
  public SplitCounts(Map<String, Integer> counts, String rest, long seed) {
    this.counts = ImmutableMap.copyOf(counts);
    this.rest = rest;
    this.seed = seed;
    int sum = 0;
    for (Map.Entry<String, Integer> count : this.counts.entrySet()) {
      Check.atLeast("problems per subdomain of " + count.getKey(), 1, count.getValue());
      sum = Math.addExact(sum, count.getValue());
    }
    this.wanted = sum;
    if (this.counts.containsKey(rest)) {
      throw new DataException(
          "the rest needs a name of its own, got " + rest + " twice; rename one of them");
    }
  }

  /**
   * The first pass.
   *
   * @throws DataException if there are more than 10,000 subdomains
   */
  public void see(Problem problem) {
    TreeSet<Long> keys = smallest.get(problem.subdomain());
    if (keys == null) {
      if (smallest.size() == MOST_SUBDOMAINS) {
        throw new DataException(
            "expected at most "
                + MOST_SUBDOMAINS
                + " subdomains, got more, the last one being "
                + problem.subdomain()
                + "; label the problems first");
      }
      keys = new TreeSet<>();
      smallest.put(problem.subdomain(), keys);
    }
    keys.add(PromptKey.of(problem.prompt(), seed));
    if (keys.size() > wanted) {
      keys.pollLast();
    }
  }

  /**
   * What the first pass found.
   *
   * @throws DataException naming a subdomain with too few different prompts
   */
  public Assignment assign() {
    Map<Long, Integer> chosen = new HashMap<>();
    for (Map.Entry<String, TreeSet<Long>> subdomain : smallest.entrySet()) {
      if (subdomain.getValue().size() < wanted) {
        throw new DataException(
            "subdomain "
                + subdomain.getKey()
                + " must have at least "
                + wanted
                + " different problems for splits "
                + counts
                + ", got "
                + subdomain.getValue().size()
                + "; ask for fewer or add problems");
      }
      int split = 0;
      int left = counts.isEmpty() ? 0 : counts.values().asList().get(0);
      for (long key : subdomain.getValue()) {
        while (left == 0) {
          left = counts.values().asList().get(++split);
        }
        // A copy under another subdomain follows the first split, so that it lies in one only.
        chosen.merge(key, split, Math::min);
        left--;
      }
    }
    return new Assignment(chosen);
  }

  /** The splits of the second pass. */
  public final class Assignment {
    private final Map<Long, Integer> chosen;

    private Assignment(Map<Long, Integer> chosen) {
      this.chosen = chosen;
    }

    /** The split of a problem of the first pass. */
    public String of(Problem problem) {
      Integer split = chosen.get(PromptKey.of(problem.prompt(), seed));
      return split == null ? rest : counts.keySet().asList().get(split);
    }
  }
}
