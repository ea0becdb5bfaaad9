package org.etalon.graph.rollout;

import java.util.List;

/**
 * Completions, and what they took.
 *
 * @param completions in the order of the requests
 */
public record Rollouts(List<Completion> completions, RolloutStats stats) {
  public Rollouts {
    completions = List.copyOf(completions);
  }
}
