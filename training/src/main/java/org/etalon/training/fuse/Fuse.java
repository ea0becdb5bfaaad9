package org.etalon.training.fuse;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;
import org.etalon.graph.program.WeightedSum;
import org.etalon.training.command.StageCommand;
import org.etalon.training.policy.Policy;
import org.etalon.training.probe.Probe;
import org.etalon.training.run.AtomicFiles;
import org.etalon.training.run.Checkpoints;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.etalon.training.sft.Sft;

/**
 * Averages the specialists: M = Σ w_i M_i*, w_i ≥ 0, Σ w_i = 1, in 32-bit floats.
 *
 * <p>Paper: P1 §3.3; w_i = 1/N unless {@code fuse.weights} says otherwise. A checkpoint that is the
 * specialist of several subdomains counts once for each.
 */
public final class Fuse {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double SUM_TOLERANCE = 1e-6;

  private Fuse() {}

  /** The stage as a program of its own; takes the options of {@code etalon fuse}. */
  public static void main(String[] args) {
    StageCommand.main("fuse", Fuse::run, args);
  }

  /** The fused weights within the stage's folder, a TensorBundle prefix. */
  public static Path weights(Path stageFolder) {
    return stageFolder.resolve("weights").resolve(Checkpoints.TENSORS);
  }

  /** Fuses the specialists that the probe named. */
  public static void run(StageRun run) {
    Path folder = run.folder().folder(Stage.FUSE);
    Path sft = run.completed(Stage.SFT);
    Path probe = run.completed(Stage.PROBE);
    Map<String, Long> specialists = Probe.specialists(probe);
    Map<String, Double> weights = weights(specialists, run.configuration().fuse().weights());
    Map<Long, Double> bySteps = new TreeMap<>();
    specialists.forEach((name, step) -> bySteps.merge(step, weights.get(name), Double::sum));
    try (Policy policy = Policy.base(run.configuration())) {
      var sum = new WeightedSum(policy.program());
      for (Checkpoints.Checkpoint checkpoint : Sft.checkpoints(sft).all()) {
        Double weight = bySteps.get(checkpoint.step());
        if (weight != null) {
          Manifest.verify(checkpoint.folder());
          policy.restore(checkpoint.tensors());
          sum.add(weight);
        }
      }
      sum.assign();
      Checkpoints.publish(
          folder.resolve("weights"), policy::save, weights, run.manifest(Stage.FUSE));
    }
    Map<String, Object> result = ImmutableMap.of("weights", weights, "steps", specialists);
    AtomicFiles.write(
        folder.resolve("result.json"), out -> out.write(JSON.writeValueAsBytes(result)));
    run.manifest(Stage.FUSE)
        .withInput("probe", probe)
        .withFact("weights", weights)
        .withFact("steps", specialists)
        .write(folder);
  }

  /** The weight of each subdomain, in alphabetical order; equal when none are given. */
  static Map<String, Double> weights(Map<String, Long> specialists, List<Double> given) {
    int n = specialists.size();
    if (!given.isEmpty() && given.size() != n) {
      throw new DataException(
          "fuse.weights needs one weight for each of %s, got %d; or leave it empty for equal weights"
              .formatted(specialists.keySet(), given.size()));
    }
    double sum = given.stream().mapToDouble(Double::doubleValue).sum();
    if (!given.isEmpty() && Math.abs(sum - 1) > SUM_TOLERANCE) {
      throw new DataException("fuse.weights must sum to 1, got " + sum);
    }
    Map<String, Double> weights = new TreeMap<>();
    int i = 0;
    for (String subdomain : new TreeMap<>(specialists).keySet()) {
      weights.put(subdomain, given.isEmpty() ? 1.0 / n : given.get(i));
      i++;
    }
    return weights;
  }
}
