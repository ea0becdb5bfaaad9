package org.etalon.training.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutStats;
import org.etalon.graph.rollout.Rollouts;

/** The engine in this process, over the policy's own variables. */
final class EngineSource implements RolloutSource {
  private final Policy policy;
  private RolloutStats stats = new RolloutStats(0, 0, 0, 0, 0, 0, 0, 0);

  EngineSource(Policy policy) {
    this.policy = policy;
  }

  @Override
  public void renew() {
    // The decoder reads the variables that have changed.
  }

  @Override
  public void advance(long steps) {
    // As above.
  }

  @Override
  public Rollouts rollouts(
      List<Request> requests,
      int longest,
      int maxNewTokens,
      int slots,
      Sampling sampling,
      LongConsumer progress) {
    Rollouts rollouts = policy.rollouts(requests, longest, maxNewTokens, slots, sampling, progress);
    stats = rollouts.stats();
    return rollouts;
  }

  @Override
  public Map<String, Object> figures() {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("rollout/tokens_per_second", stats.tokensPerSecond());
    figures.put("rollout/live_share", stats.liveShare());
    figures.put("rollout/idle_places", stats.idle());
    figures.put("rollout/session_runs", stats.runs() + stats.prefills());
    figures.put("rollout/prefill_share", stats.prefillShare());
    return figures;
  }

  @Override
  public void close() {
    // The policy holds the decoders.
  }
}
