package org.etalon.training.policy;

import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.Rollouts;

/** Where a policy's responses are drawn: in this process, or elsewhere from copies of it. */
public interface RolloutSource extends AutoCloseable {
  /** The policy has other weights: what is drawn from here on is drawn from them. */
  void renew();

  /**
   * The policy has been trained: what is drawn from here on is drawn from its weights, or from some
   * that are as few optimizer steps older as the configuration allows.
   *
   * @param steps optimizer steps of the policy since the start of its training
   */
  void advance(long steps);

  /**
   * Completes requests.
   *
   * @param longest at least the longest prompt of {@code requests}, tokens
   * @param maxNewTokens at least the longest completion wanted, tokens
   * @param slots completions decoded side by side, where this process decodes
   * @param progress told the tokens drawn so far
   */
  Rollouts rollouts(
      List<Request> requests,
      int longest,
      int maxNewTokens,
      int slots,
      Sampling sampling,
      LongConsumer progress);

  /** What the last rollouts took, by the names that metrics have. */
  Map<String, Object> figures();

  /** Frees what the source itself holds; the policy stays. */
  @Override
  void close();
}
