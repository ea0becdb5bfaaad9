package org.etalon.training.generate;

import com.google.common.collect.ImmutableSet;
import java.util.function.IntConsumer;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.etalon.training.policy.Policy;

/**
 * A model in this process.
 *
 * @param policy the model; stays the caller's
 * @param maxNewTokens longest answer, tokens; less where the window leaves less room
 */
public record LocalSpeaker(Policy policy, Sampling sampling, int maxNewTokens) implements Speaker {
  /** Our choice: few sizes of decoders, each of which keeps its cache. */
  private static final int SMALLEST = 256;

  @Override
  public TokenizerFile tokenizer() {
    return policy.tokenizer();
  }

  @Override
  public ChatTemplate template() {
    return policy.template();
  }

  @Override
  public Completion answer(int[] ids, long turn, IntConsumer token) {
    int window = policy.program().config().maxPositions();
    int most = Math.min(maxNewTokens, window - ids.length);
    if (most < 1) {
      throw new DataException(
          "the conversation of %d tokens leaves no room in the model's window of %d; use /reset"
              .formatted(ids.length, window));
    }
    int prefill = SMALLEST;
    while (prefill < ids.length) {
      prefill *= 2;
    }
    ImmutableSet<Integer> stops = ImmutableSet.copyOf(policy.stopIds());
    var engine =
        new RolloutEngine(
            policy.decoder(1, Math.min(prefill, window - 1), Math.min(maxNewTokens, window - 1)),
            stops);
    return engine.stream(
        new Request(ids, turn, most),
        sampling,
        id -> {
          if (!stops.contains(id)) {
            token.accept(id);
          }
        });
  }
}
