package org.etalon.training.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code probe/result.json}: every checkpoint's score on every probing set, and the specialists.
 *
 * @param k the K of Pass@K
 * @param samples responses per problem
 * @param checkpoints in the order of their steps
 * @param specialists the chosen checkpoint's step by subdomain
 */
public record ProbeResult(
    int k, int samples, List<Checkpoint> checkpoints, Map<String, Integer> specialists) {
  public ProbeResult {
    checkpoints = ImmutableList.copyOf(checkpoints);
    specialists = ImmutableSortedMap.copyOf(specialists);
  }

  /**
   * One spectrum-phase checkpoint.
   *
   * @param step optimizer step
   * @param subdomains its scores by subdomain
   */
  public record Checkpoint(int step, Map<String, Score> subdomains) {
    public Checkpoint {
      subdomains = ImmutableSortedMap.copyOf(subdomains);
    }
  }

  /**
   * A checkpoint's score on one probing set.
   *
   * @param passAt1 mean accuracy
   * @param passAtK unbiased Pass@K
   * @param low lower end of the interval of {@code passAtK}
   * @param high upper end of that interval
   * @param problems size of the probing set
   */
  public record Score(
      @JsonProperty("pass@1") double passAt1,
      @JsonProperty("pass@k") double passAtK,
      double low,
      double high,
      int problems) {}

  /** Writes {@code result.json} into the stage's folder. */
  public void write(Path folder) {
    ResultFile.write(folder.resolve(ResultFile.NAME), this);
  }

  /** Reads {@code result.json} of the stage's folder. */
  public static ProbeResult read(Path folder) {
    return ResultFile.read(folder.resolve(ResultFile.NAME), ProbeResult.class);
  }
}
