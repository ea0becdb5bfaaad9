package org.etalon.graph.rollout;

/**
 * A response in the loss.
 *
 * @param prompt token ids, at least one
 * @param completion what was drawn, with its log-probabilities
 * @param advantage what each of its tokens is worth
 * @param weight what each of its tokens counts
 */
public record TrainedResponse(
    int[] prompt, Completion completion, double advantage, double weight) {

  /** Tokens of the response. */
  public int tokens() {
    return completion.ids().length;
  }

  /** Positions before the one that predicts the response's first token. */
  int before() {
    return prompt.length - 1;
  }
}
