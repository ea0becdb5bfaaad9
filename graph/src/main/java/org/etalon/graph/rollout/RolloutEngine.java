package org.etalon.graph.rollout;

import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.SlotDecoder;

/**
 * Continuous batching: a slot that finishes is given to the next request at once, and requests that
 * share one prompt array share its prefill. Completions come back in the order of the requests and
 * do not depend on how they were batched, as far as the decoder's numbers do not.
 */
public final class RolloutEngine {
  private final SlotDecoder decoder;
  private final Set<Integer> stopIds;

  /**
   * @param stopIds tokens that end a completion
   */
  public RolloutEngine(SlotDecoder decoder, Set<Integer> stopIds) {
    this.decoder = decoder;
    this.stopIds = Set.copyOf(stopIds);
  }

  /** Completes every request. */
  public List<Completion> generate(List<Request> requests, Sampling sampling) {
    return rollouts(requests, sampling, tokens -> {}).completions();
  }

  /**
   * Completes every request.
   *
   * @param progress told the number of tokens drawn so far, now and then
   * @throws IllegalArgumentException when a prompt and its response do not fit a slot
   */
  public Rollouts rollouts(List<Request> requests, Sampling sampling, LongConsumer progress) {
    for (int i = 0; i < requests.size(); i++) {
      check(requests.get(i), i);
    }
    Batch batch = new Batch(decoder, stopIds, requests, sampling, id -> {});
    while (batch.unfinished()) {
      batch.admit();
      progress.accept(batch.drawn());
      batch.run(decoder.tokensPerRun());
      progress.accept(batch.drawn());
    }
    return batch.rollouts();
  }

  /**
   * Completes one request.
   *
   * @param token told each token as it is drawn
   * @throws IllegalArgumentException when the prompt and its response do not fit a slot
   */
  public Completion stream(Request request, Sampling sampling, IntConsumer token) {
    check(request, 0);
    Batch batch = new Batch(decoder, stopIds, List.of(request), sampling, token);
    batch.admit();
    while (batch.unfinished()) {
      batch.run(1);
    }
    return batch.rollouts().completions().get(0);
  }

  private void check(Request request, int index) {
    int needed = request.prompt().length + request.maxNewTokens();
    if (request.prompt().length > decoder.prefillLength()) {
      throw new IllegalArgumentException(
          "request %d has a prompt of %d tokens but the longest allowed is %d; "
                  .formatted(index, request.prompt().length, decoder.prefillLength())
              + "shorten the prompt or set a larger window");
    }
    if (needed > decoder.capacity()) {
      throw new IllegalArgumentException(
          "request %d needs %d positions (prompt %d + %d new tokens) but a slot holds %d; "
                  .formatted(
                      index,
                      needed,
                      request.prompt().length,
                      request.maxNewTokens(),
                      decoder.capacity())
              + "shorten the prompt or set a larger window");
    }
  }
}
