package org.etalon.training.mgpo;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.graph.program.Trainer;
import org.etalon.graph.rollout.ResponseBatch;
import org.etalon.graph.rollout.TrainedResponse;
import org.etalon.training.config.MgpoSettings;

/** Sums over the tokens of one step's updates, for the metrics TRL's users know. */
final class UpdateStats {
  private final MgpoSettings settings;
  private long tokens;
  private double entropy;
  private double difference;
  private double largestDifference;
  private long clippedLow;
  private long clippedHigh;
  private double kl;
  private double loss;
  private double norm;
  private int updates;
  private int skipped;
  private double waited;

  UpdateStats(MgpoSettings settings) {
    this.settings = settings;
  }

  /** Adds a micro-batch. */
  void add(ResponseBatch micro, Trainer.Outcome outcome) {
    loss += outcome.loss();
    float[] reference = micro.inputs().get("reference_logp");
    for (ResponseBatch.Placed place : micro.placed()) {
      TrainedResponse response = place.response();
      for (int at = place.first(); at < place.first() + response.tokens(); at++) {
        double gap = outcome.logps()[at] - micro.inputs().get("old_logp")[at];
        double ratio = Math.exp(gap);
        tokens++;
        entropy += outcome.entropies()[at];
        difference += Math.abs(gap);
        largestDifference = Math.max(largestDifference, Math.abs(gap));
        clippedLow += ratio < 1 - settings.clipLow() && response.advantage() < 0 ? 1 : 0;
        clippedHigh += ratio > 1 + settings.clipHigh() && response.advantage() > 0 ? 1 : 0;
        if (reference != null) {
          double d = reference[at] - outcome.logps()[at];
          kl += Math.exp(d) - d - 1;
        }
      }
    }
  }

  /** Adds an optimizer step. */
  void add(Trainer.StepResult result) {
    norm += result.gradientNorm();
    updates++;
    skipped += result.applied() ? 0 : 1;
  }

  /** Adds seconds that the update waited for micro-batches to be packed. */
  void addWait(double seconds) {
    waited += seconds;
  }

  double waitedSeconds() {
    return waited;
  }

  boolean allSkipped() {
    return updates > 0 && skipped == updates;
  }

  /** The metrics by TRL's names; what a step without an update did not measure is left out. */
  Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("skipped_updates", skipped);
    if (updates == 0) {
      return values;
    }
    double n = tokens;
    values.put("loss", loss / updates);
    values.put("grad_norm", norm / updates);
    values.put("entropy", entropy / n);
    values.put("kl", kl / n);
    values.put("clip_ratio/low", clippedLow / n);
    values.put("clip_ratio/high", clippedHigh / n);
    values.put("sampling/logp_difference/mean", difference / n);
    values.put("sampling/logp_difference/max", largestDifference);
    return values;
  }
}
