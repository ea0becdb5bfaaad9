package org.etalon.graph.rollout;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.program.TokenBatch;

/**
 * A micro-batch of responses, and what the objective needs besides.
 *
 * @param tokens the rows
 * @param inputs {@code old_logp} and {@code advantage} of each position
 * @param placed where the responses are
 */
public record ResponseBatch(TokenBatch tokens, Map<String, float[]> inputs, List<Placed> placed) {
  public ResponseBatch {
    inputs = ImmutableMap.copyOf(inputs);
    placed = ImmutableList.copyOf(placed);
  }

  /**
   * A response in a batch.
   *
   * @param first index in the flat arrays of the position that predicts its first token; the others
   *     follow
   */
  public record Placed(TrainedResponse response, int first) {}

  /** The same with one more input. */
  public ResponseBatch with(String name, float[] values) {
    Map<String, float[]> all = new HashMap<>(inputs);
    all.put(name, values);
    return new ResponseBatch(tokens, all, placed);
  }

  /** Σ over sampled tokens of |ln p by the trainer − ln p by the sampler|, nats. */
  public double gap(float[] logps) {
    float[] old = inputs.get("old_logp");
    double sum = 0;
    for (Placed place : placed) {
      for (int at = place.first; at < place.first + place.response.tokens(); at++) {
        sum += Math.abs(logps[at] - old[at]);
      }
    }
    return sum;
  }
}
