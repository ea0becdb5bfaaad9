package org.etalon.training.policy;

import org.etalon.graph.rollout.Completion;

/**
 * One sampled answer to a prompt.
 *
 * @param prompt token ids of the framed prompt
 * @param completion the tokens as sampled, with their log-probabilities
 * @param text the completion in words, without special tokens
 */
public record Response(int[] prompt, Completion completion, String text) {
  /** Whether the length limit cut it. */
  public boolean truncated() {
    return completion.finish() == Completion.Finish.LENGTH;
  }
}
