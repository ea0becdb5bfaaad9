package org.etalon.graph.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
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
  private final int tokensPerRun;
  private int steps;
  private int runs;

  FakeDecoder(int slots) {
    this(slots, 4);
  }

  FakeDecoder(int slots, int tokensPerRun) {
    this.slots = slots;
    this.tokensPerRun = tokensPerRun;
    this.cache = new int[slots][capacity()];
  }

  /** Prompts of each prefill call. */
  List<Integer> prefilledPrompts() {
    return prefilledPrompts;
  }

  int steps() {
    return steps;
  }

  int runs() {
    return runs;
  }

  /** What a request gets when nothing else is running. */
  static List<Integer> expected(Request request, long seed, Set<Integer> stops) {
    int[] ids = Arrays.copyOf(request.prompt(), request.prompt().length + request.maxNewTokens());
    List<Integer> written = new ArrayList<>();
    for (int i = 0; i < request.maxNewTokens(); i++) {
      int length = request.prompt().length + i;
      ids[length] = next(ids, length, request.sequence(), request.drawn() + i, seed);
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

  /** Short prompts apart from long ones. */
  @Override
  public int padded(int length) {
    return length <= 3 ? 3 : 6;
  }

  @Override
  public int tokensPerRun() {
    return tokensPerRun;
  }

  @Override
  public Drawn prefill(List<int[]> prompts, Fill fill, Sampling sampling) {
    assertTrue(prompts.size() <= prefillRows(), "at most 2 prompts in a prefill");
    assertEquals(
        1, prompts.stream().mapToInt(p -> padded(p.length)).distinct().count(), "padded alike");
    int[] slotIds = fill.slots();
    assertTrue(slotIds.length > 0 && slotIds.length <= slots, "some slots to fill");
    Set<Integer> distinct = new HashSet<>();
    Arrays.stream(slotIds).forEach(distinct::add);
    assertEquals(slotIds.length, distinct.size(), "each slot once");
    prefilledPrompts.add(prompts.size());
    int[] tokens = new int[slots];
    for (int i = 0; i < slotIds.length; i++) {
      int[] prompt = prompts.get(fill.prompts()[i]);
      System.arraycopy(prompt, 0, cache[slotIds[i]], 0, prompt.length);
      tokens[i] =
          next(prompt, prompt.length, fill.sequences()[i], fill.draws()[i], sampling.seed());
    }
    return new Drawn(tokens, logps(tokens));
  }

  @Override
  public Run run(Slots state, Until until, Sampling sampling) {
    assertTrue(until.steps() <= tokensPerRun, "at most as many steps as a run has");
    runs++;
    int[] token = state.tokens().clone();
    int[] remaining = state.remaining().clone();
    int[] counts = new int[slots];
    int[] tokens = new int[tokensPerRun * slots];
    int done = 0;
    while (done < until.steps() && live(remaining) >= until.leastLive()) {
      for (int s = 0; s < slots; s++) {
        if (remaining[s] > 0) {
          int position = state.positions()[s] + done;
          cache[s][position] = token[s];
          long draw = state.draws()[s] + done;
          token[s] = next(cache[s], position + 1, state.sequences()[s], draw, sampling.seed());
          counts[s]++;
          boolean stops = IntStream.of(until.stopIds()).anyMatch(stop(token[s]));
          remaining[s] = stops ? 0 : remaining[s] - 1;
        }
        // What a finished slot is given means nothing.
        tokens[done * slots + s] = counts[s] == done + 1 ? token[s] : -7;
      }
      done++;
    }
    steps += done;
    return new Run(done, tokens, logps(tokens), counts);
  }

  private static float[] logps(int[] tokens) {
    float[] logps = new float[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      logps[i] = logp(tokens[i]);
    }
    return logps;
  }

  private static IntPredicate stop(int token) {
    return id -> id == token;
  }

  private static long live(int[] remaining) {
    return IntStream.of(remaining).filter(r -> r > 0).count();
  }
}
