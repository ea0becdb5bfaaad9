package org.etalon.training.probe;

import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.training.policy.Graded;
import org.etalon.training.statistics.PassAtK;

/**
 * Pass@1 and Pass@K of graded problems by subdomain. Both are unbiased per problem and averaged.
 *
 * @param bySubdomain one score a problem, by subdomain in alphabetical order
 */
public record PassTable(Map<String, Scores> bySubdomain) {
  /**
   * Scores of the problems of one subdomain, in the same order.
   *
   * @param pass1 accuracy of each problem
   * @param passK Pass@K of each problem
   */
  public record Scores(List<Double> pass1, List<Double> passK) {
    /** Scores of both. */
    Scores plus(Scores other) {
      List<Double> one = new ArrayList<>(pass1);
      one.addAll(other.pass1);
      List<Double> k = new ArrayList<>(passK);
      k.addAll(other.passK);
      return new Scores(one, k);
    }

    public double[] pass1Array() {
      return pass1.stream().mapToDouble(Double::doubleValue).toArray();
    }

    public double[] passKArray() {
      return passK.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  /**
   * Scores graded groups, each with at least one response. Our choice: where fewer than {@code k}
   * responses of a problem could be graded, its Pass@K is that of as many as there are.
   */
  public static PassTable of(List<Graded> groups, int k) {
    Map<String, Scores> table = new TreeMap<>();
    for (Graded group : groups) {
      int n = group.verdicts().size();
      var scores =
          new Scores(
              List.of(group.accuracy()),
              List.of(PassAtK.estimate(n, group.right(), Math.min(k, n))));
      table.merge(group.problem().subdomain(), scores, Scores::plus);
    }
    return new PassTable(ImmutableSortedMap.copyOf(table));
  }

  /** Scores of all subdomains together. */
  public Scores all() {
    return bySubdomain.values().stream().reduce(Scores::plus).orElseThrow();
  }
}
