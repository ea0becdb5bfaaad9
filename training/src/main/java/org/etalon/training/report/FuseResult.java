package org.etalon.training.report;

import com.google.common.collect.ImmutableSortedMap;
import java.nio.file.Path;
import java.util.Map;

/**
 * {@code fuse/result.json}: what the fused model was made of.
 *
 * @param weights fusion weight by subdomain
 * @param steps the specialist's step by subdomain
 */
public record FuseResult(Map<String, Double> weights, Map<String, Integer> steps) {
  public FuseResult {
    weights = ImmutableSortedMap.copyOf(weights);
    steps = ImmutableSortedMap.copyOf(steps);
  }

  /** Writes {@code result.json} into the stage's folder. */
  public void write(Path folder) {
    ResultFile.write(folder.resolve(ResultFile.NAME), this);
  }

  /** Reads {@code result.json} of the stage's folder. */
  public static FuseResult read(Path folder) {
    return ResultFile.read(folder.resolve(ResultFile.NAME), FuseResult.class);
  }
}
