package org.etalon.data.prepare;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.etalon.data.prepare.step.SplitShares;
import org.etalon.data.problem.Problem;

/**
 * The outputs of a recipe: none named, shares that add up to 1, or numbers of problems per
 * subdomain with a rest.
 *
 * @param shares of each split; empty where there are none
 * @param counts per subdomain of each split; empty where there are none
 * @param rest the split of what the counts leave; empty without counts
 */
public record Splits(Map<String, Double> shares, Map<String, Integer> counts, String rest) {
  /** The one output where no splits are named. */
  static final String ONE = "problems";

  static final Splits NONE = new Splits(Map.of(), Map.of(), "");

  public Splits {
    shares = ImmutableMap.copyOf(shares);
    counts = ImmutableMap.copyOf(counts);
  }

  /** Names of the outputs. */
  public List<String> names() {
    if (!counts.isEmpty()) {
      return Stream.concat(counts.keySet().stream(), List.of(rest).stream()).toList();
    }
    return shares.isEmpty() ? List.of(ONE) : List.copyOf(shares.keySet());
  }

  /** The split of each problem, where none has to be counted first. */
  Function<Problem, String> byShare(long seed) {
    return shares.isEmpty() ? problem -> ONE : new SplitShares(shares, seed)::of;
  }
}
