package org.etalon.graph.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.SlotDecoder;

/**
 * A decoder whose cache is a list of ids: the next token is a hash of everything a slot has been
 * fed, its sequence key and the draw's index, and the log-probability is a function of the token.
 */
final class FakeDecoder implements SlotDecoder {
  private static final int VOCABULARY = 23;

  private final int slots;
  private final int[][] cache;
  private final List<Integer> prefilledPrompts = new ArrayList<>();
  private int steps;

  FakeDecoder(int slots) {
    this.slots = slots;
    this.cache = new int[slots][capacity()];
  }

  /** Prompts of each prefill call. */
  List<Integer> prefilledPrompts() {
    return prefilledPrompts;
  }

  int steps() {
    return steps;
  }

  /** What a request gets when nothing else is running. */
  static List<Integer> expected(Request request, long seed, Set<Integer> stops) {
    int[] ids = Arrays.copyOf(request.prompt(), request.prompt().length + request.maxNewTokens());
    List<Integer> written = new ArrayList<>();
    for (int i = 0; i < request.maxNewTokens(); i++) {
      int length = request.prompt().length + i;
      ids[length] = next(ids, length, request.sequence(), i, seed);
      written.add(ids[length]);
      if (stops.contains(ids[length])) {
        break;
      }
    }
    return written;
  }

  static float logp(int token) {
    return -0.25f * token;
  }

  private static int next(int[] ids, int length, long sequence, long draw, long seed) {
    long hash = seed * 31 + sequence;
    for (int i = 0; i < length; i++) {
      hash = hash * 1_000_003 + ids[i];
    }
    return (int)
        Math.floorMod(((hash * 31 + draw) * 0x9e3779b97f4a7c15L) >>> 20, (long) VOCABULARY);
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public int capacity() {
    return 20;
  }

  @Override
  public int prefillLength() {
    return 6;
  }

  @Override
  public int prefillRows() {
    return 2;
  }

  @Override
  public Drawn prefill(
      List<int[]> prompts, int[] slotPrompts, int[] slotIds, long[] sequences, Sampling sampling) {
    assertTrue(prompts.size() <= prefillRows(), "at most 2 prompts in a prefill");
    assertTrue(slotIds.length > 0 && slotIds.length <= slots, "some slots to fill");
    Set<Integer> distinct = new HashSet<>();
    Arrays.stream(slotIds).forEach(distinct::add);
    assertEquals(slotIds.length, distinct.size(), "each slot once");
    prefilledPrompts.add(prompts.size());
    int[] tokens = new int[slots];
    for (int i = 0; i < slotIds.length; i++) {
      int[] prompt = prompts.get(slotPrompts[i]);
      System.arraycopy(prompt, 0, cache[slotIds[i]], 0, prompt.length);
      tokens[i] = next(prompt, prompt.length, sequences[i], 0, sampling.seed());
    }
    return drawn(tokens);
  }

  @Override
  public Drawn step(
      int[] tokens, int[] positions, long[] sequences, long[] draws, Sampling sampling) {
    steps++;
    int[] next = new int[slots];
    for (int s = 0; s < slots; s++) {
      cache[s][positions[s]] = tokens[s];
      next[s] = next(cache[s], positions[s] + 1, sequences[s], draws[s], sampling.seed());
    }
    return drawn(next);
  }

  private static Drawn drawn(int[] tokens) {
    float[] logps = new float[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      logps[i] = logp(tokens[i]);
    }
    return new Drawn(tokens, logps);
  }
}
