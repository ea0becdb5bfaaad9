package org.etalon.graph.rollout;

/**
 * One completion that is wanted.
 *
 * @param prompt token ids, at least one
 * @param sequence random key; the same key, prompt, seed and weights give the same completion
 * @param drawn tokens at the prompt's end that were drawn before: their places in the random
 *     numbers are taken
 * @param maxNewTokens most tokens to generate, the end token included
 */
public record Request(int[] prompt, long sequence, int drawn, int maxNewTokens) {
  public Request {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("a prompt needs at least one token");
    }
    if (drawn < 0 || drawn >= prompt.length) {
      throw new IllegalArgumentException(
          "of a prompt of %d tokens 0 to %d can have been drawn before, got %d"
              .formatted(prompt.length, prompt.length - 1, drawn));
    }
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be at least 1, got " + maxNewTokens);
    }
  }

  /** A response from its first token. */
  public Request(int[] prompt, long sequence, int maxNewTokens) {
    this(prompt, sequence, 0, maxNewTokens);
  }
}
