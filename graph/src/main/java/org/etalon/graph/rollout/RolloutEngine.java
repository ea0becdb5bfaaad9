package org.etalon.graph.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.SlotDecoder;

/**
 * Continuous batching: a slot that finishes is given to the next request at once, and requests that
 * share one prompt array share its prefill. Completions come back in the order of the requests and
 * do not depend on how they were batched.
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
    return generate(requests, sampling, tokens -> {});
  }

  /**
   * Completes every request.
   *
   * @param progress told the number of tokens drawn so far, now and then
   * @throws IllegalArgumentException when a prompt and its response do not fit a slot
   */
  public List<Completion> generate(
      List<Request> requests, Sampling sampling, LongConsumer progress) {
    for (int i = 0; i < requests.size(); i++) {
      check(requests.get(i), i);
    }
    Batch batch = new Batch(requests, sampling, id -> {});
    while (batch.unfinished()) {
      batch.admit();
      batch.step();
      progress.accept(batch.drawn);
    }
    return Arrays.asList(batch.completions);
  }

  /**
   * Completes one request.
   *
   * @param token told each token as it is drawn
   * @throws IllegalArgumentException when the prompt and its response do not fit a slot
   */
  public Completion stream(Request request, Sampling sampling, IntConsumer token) {
    check(request, 0);
    Batch batch = new Batch(List.of(request), sampling, token);
    batch.admit();
    while (batch.unfinished()) {
      batch.step();
    }
    return batch.completions[0];
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

  /** The state of one call: which request sits in which slot, and what each has written. */
  private final class Batch {
    private final List<Request> requests;
    private final Sampling sampling;
    private final IntConsumer listener;
    private final Completion[] completions;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final int[] occupant = new int[decoder.slots()];
    private final int[][] ids;
    private final float[][] logps;
    private final int[] lengths;
    private final int[] token = new int[decoder.slots()];
    private int running;
    private long drawn;

    Batch(List<Request> requests, Sampling sampling, IntConsumer listener) {
      this.listener = listener;
      this.requests = requests;
      this.sampling = sampling;
      completions = new Completion[requests.size()];
      ids = new int[requests.size()][];
      logps = new float[requests.size()][];
      lengths = new int[requests.size()];
      Arrays.fill(occupant, -1);
      for (int i = 0; i < requests.size(); i++) {
        waiting.add(i);
      }
    }

    boolean unfinished() {
      return running > 0 || !waiting.isEmpty();
    }

    /**
     * Fills free slots, but not one at a time: a prefill costs the same for one slot as for many.
     */
    void admit() {
      int free = decoder.slots() - running;
      int enough = Math.max(1, Math.min(waiting.size(), decoder.slots() / 4));
      while (!waiting.isEmpty() && free >= enough) {
        int admitted = prefill();
        free = decoder.slots() - running;
        if (admitted == 0) {
          return;
        }
      }
    }

    private int prefill() {
      List<int[]> prompts = new ArrayList<>();
      IdentityHashMap<int[], Integer> index = new IdentityHashMap<>();
      List<Integer> taken = new ArrayList<>();
      List<Integer> slots = new ArrayList<>();
      for (int slot = 0; slot < occupant.length && !waiting.isEmpty(); slot++) {
        if (occupant[slot] >= 0) {
          continue;
        }
        int[] prompt = requests.get(waiting.peek()).prompt();
        if (!index.containsKey(prompt)) {
          if (prompts.size() == decoder.prefillRows()) {
            break;
          }
          index.put(prompt, prompts.size());
          prompts.add(prompt);
        }
        taken.add(waiting.remove());
        slots.add(slot);
      }
      SlotDecoder.Drawn first =
          decoder.prefill(
              prompts,
              taken.stream().mapToInt(r -> index.get(requests.get(r).prompt())).toArray(),
              slots.stream().mapToInt(Integer::intValue).toArray(),
              taken.stream().mapToLong(r -> requests.get(r).sequence()).toArray(),
              sampling);
      for (int i = 0; i < taken.size(); i++) {
        int request = taken.get(i);
        occupant[slots.get(i)] = request;
        ids[request] = new int[requests.get(request).maxNewTokens()];
        logps[request] = new float[ids[request].length];
        running++;
        receive(slots.get(i), first.tokens()[i], first.logps()[i]);
      }
      return taken.size();
    }

    void step() {
      if (running == 0) {
        return;
      }
      int[] positions = new int[occupant.length];
      long[] sequences = new long[occupant.length];
      long[] draws = new long[occupant.length];
      for (int slot = 0; slot < occupant.length; slot++) {
        if (occupant[slot] >= 0) {
          Request request = requests.get(occupant[slot]);
          int written = lengths[occupant[slot]];
          positions[slot] = request.prompt().length + written - 1;
          sequences[slot] = request.sequence();
          draws[slot] = written;
        }
      }
      SlotDecoder.Drawn next = decoder.step(token, positions, sequences, draws, sampling);
      for (int slot = 0; slot < occupant.length; slot++) {
        if (occupant[slot] >= 0) {
          receive(slot, next.tokens()[slot], next.logps()[slot]);
        }
      }
    }

    private void receive(int slot, int id, float logp) {
      int request = occupant[slot];
      int length = lengths[request]++;
      ids[request][length] = id;
      logps[request][length] = logp;
      token[slot] = id;
      drawn++;
      listener.accept(id);
      boolean stops = stopIds.contains(id);
      if (stops || length + 1 == ids[request].length) {
        completions[request] =
            new Completion(
                Arrays.copyOf(ids[request], length + 1),
                Arrays.copyOf(logps[request], length + 1),
                stops ? Completion.Finish.STOP : Completion.Finish.LENGTH);
        occupant[slot] = -1;
        token[slot] = 0;
        running--;
      }
    }
  }
}
