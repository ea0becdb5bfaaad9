package org.etalon.graph.rollout;

/**
 * What the model wrote.
 *
 * @param ids generated tokens, the end token included when there is one
 * @param logps ln p of each token as it was drawn, nats
 * @param finish why it ended
 */
public record Completion(int[] ids, float[] logps, Finish finish) {
  /** Why a completion ended. */
  public enum Finish {
    /** The model wrote an end token. */
    STOP,
    /** The limit on new tokens was reached first: truncated. */
    LENGTH
  }
}
