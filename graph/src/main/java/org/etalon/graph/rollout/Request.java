package org.etalon.graph.rollout;

/**
 * One completion that is wanted.
 *
 * @param prompt token ids, at least one
 * @param sequence random key; the same key, prompt, seed and weights give the same completion
 * @param maxNewTokens most tokens to generate, the end token included
 */
public record Request(int[] prompt, long sequence, int maxNewTokens) {
  public Request {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("a prompt needs at least one token");
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be at least 1, got " + maxNewTokens);
    }
  }
}
