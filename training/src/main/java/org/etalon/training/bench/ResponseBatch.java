package org.etalon.training.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.rollout.Completion;

/**
 * Sampled responses as a micro-batch, shaped like those of the signal phase: a row each, padded to
 * a multiple of 32 tokens.
 *
 * @param tokens the rows
 * @param inputs of the objective: {@code old_logp} and {@code advantage}
 */
record ResponseBatch(TokenBatch tokens, Map<String, float[]> inputs) {
  private static final int STEP = 32;

  /**
   * @param which indices of the responses
   * @param rows at least as many; rows without a response are padding
   */
  static ResponseBatch of(
      RolloutPlan plan, List<Completion> completions, List<Integer> which, int rows) {
    int longest = which.stream().mapToInt(plan.lengths()::get).max().orElseThrow();
    int length = (plan.prompt() + longest + STEP - 1) / STEP * STEP;
    int size = rows * length;
    int[] ids = new int[size];
    int[] targets = new int[size];
    int[] positions = new int[size];
    int[] segments = new int[size];
    float[] weights = new float[size];
    float[] old = new float[size];
    float[] advantage = new float[size];
    for (int row = 0; row < which.size(); row++) {
      int response = which.get(row);
      int[] prompt = plan.prompts().get(response / plan.group());
      Completion completion = completions.get(response);
      int own = completion.ids().length;
      int start = row * length;
      System.arraycopy(prompt, 0, ids, start, prompt.length);
      System.arraycopy(completion.ids(), 0, ids, start + prompt.length, own);
      Arrays.fill(segments, start, start + prompt.length + own, 1);
      for (int t = 0; t < prompt.length + own; t++) {
        positions[start + t] = t;
      }
      int first = start + prompt.length - 1;
      System.arraycopy(completion.ids(), 0, targets, first, own);
      System.arraycopy(completion.logps(), 0, old, first, own);
      Arrays.fill(weights, first, first + own, 1f / (plan.lengths().size() * own));
      Arrays.fill(advantage, first, first + own, response % 2 == 0 ? 1 : -1);
    }
    var tokens = new TokenBatch(rows, length, ids, targets, positions, segments, weights);
    return new ResponseBatch(tokens, Map.of("old_logp", old, "advantage", advantage));
  }

  /** Sum over sampled tokens of |ln p by the trainer − ln p by the sampler|, nats. */
  double gap(float[] logps) {
    float[] old = inputs.get("old_logp");
    double sum = 0;
    for (int i = 0; i < old.length; i++) {
      if (tokens.weights()[i] != 0) {
        sum += Math.abs(logps[i] - old[i]);
      }
    }
    return sum;
  }
}
