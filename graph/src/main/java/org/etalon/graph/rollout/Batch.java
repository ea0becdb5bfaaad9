package org.etalon.graph.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.SlotDecoder;

/** The state of one call: which request sits in which slot, and what each has written. */
final class Batch {
  private final SlotDecoder decoder;
  private final Set<Integer> stopIds;
  private final List<Request> requests;
  private final Sampling sampling;
  private final IntConsumer listener;
  private final Completion[] completions;
  private final Deque<Integer> waiting = new ArrayDeque<>();
  private final int[] occupant;
  private final int[] token;
  private final int[][] ids;
  private final float[][] logps;
  private final int[] lengths;
  private final long began = System.nanoTime();
  private int running;
  private long drawn;
  private long runs;
  private long steps;
  private long prefills;
  private long prefilled;
  private long prefillNanos;

  Batch(
      SlotDecoder decoder,
      Set<Integer> stopIds,
      List<Request> requests,
      Sampling sampling,
      IntConsumer listener) {
    this.decoder = decoder;
    this.stopIds = stopIds;
    this.listener = listener;
    this.requests = requests;
    this.sampling = sampling;
    occupant = new int[decoder.slots()];
    token = new int[decoder.slots()];
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

  /** Tokens drawn so far. */
  long drawn() {
    return drawn;
  }

  Rollouts rollouts() {
    return new Rollouts(
        Arrays.asList(completions),
        new RolloutStats(
            drawn,
            runs,
            steps,
            steps * occupant.length,
            prefills,
            prefilled,
            prefillNanos / 1e9,
            (System.nanoTime() - began) / 1e9));
  }

  /** Fills free slots, but not one at a time: a prefill costs the same for one slot as for many. */
  void admit() {
    while (!waiting.isEmpty() && occupant.length - running >= enough()) {
      prefill();
    }
  }

  /** Free slots that make an admission worth while. */
  private int enough() {
    return Math.max(1, Math.min(waiting.size(), occupant.length / 4));
  }

  /** The requests of one prefill, and where they go. */
  private record Admission(
      List<int[]> prompts, List<Integer> promptOf, List<Integer> requests, List<Integer> slots) {
    Admission() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  /** Takes waiting requests, first come first served, whose prompts are padded like the first. */
  private Admission take() {
    Admission taken = new Admission();
    IdentityHashMap<int[], Integer> index = new IdentityHashMap<>();
    int padded = decoder.padded(requests.get(waiting.peek()).prompt().length);
    Iterator<Integer> queue = waiting.iterator();
    int slot = nextFree(0);
    while (slot < occupant.length && queue.hasNext()) {
      int request = queue.next();
      int[] prompt = requests.get(request).prompt();
      if (decoder.padded(prompt.length) != padded) {
        continue;
      }
      if (!index.containsKey(prompt)) {
        if (taken.prompts.size() == decoder.prefillRows()) {
          break;
        }
        index.put(prompt, taken.prompts.size());
        taken.prompts.add(prompt);
      }
      queue.remove();
      taken.promptOf.add(index.get(prompt));
      taken.requests.add(request);
      taken.slots.add(slot);
      slot = nextFree(slot + 1);
    }
    return taken;
  }

  private int nextFree(int from) {
    int slot = from;
    while (slot < occupant.length && occupant[slot] >= 0) {
      slot++;
    }
    return slot;
  }

  private void prefill() {
    long start = System.nanoTime();
    Admission taken = take();
    SlotDecoder.Drawn first =
        decoder.prefill(
            taken.prompts,
            new SlotDecoder.Fill(
                taken.promptOf.stream().mapToInt(Integer::intValue).toArray(),
                taken.slots.stream().mapToInt(Integer::intValue).toArray(),
                taken.requests.stream().mapToLong(r -> requests.get(r).sequence()).toArray(),
                taken.requests.stream().mapToLong(r -> requests.get(r).drawn()).toArray()),
            sampling);
    prefills++;
    prefilled += taken.requests.size();
    prefillNanos += System.nanoTime() - start;
    for (int i = 0; i < taken.requests.size(); i++) {
      int request = taken.requests.get(i);
      occupant[taken.slots.get(i)] = request;
      ids[request] = new int[requests.get(request).maxNewTokens()];
      logps[request] = new float[ids[request].length];
      running++;
      receive(taken.slots.get(i), first.tokens()[i], first.logps()[i]);
    }
  }

  /** Draws up to {@code most} tokens for each running request, until an admission is due. */
  void run(int most) {
    if (running == 0) {
      return;
    }
    int[] positions = new int[occupant.length];
    int[] remaining = new int[occupant.length];
    long[] sequences = new long[occupant.length];
    long[] draws = new long[occupant.length];
    for (int slot = 0; slot < occupant.length; slot++) {
      if (occupant[slot] >= 0) {
        Request request = requests.get(occupant[slot]);
        int written = lengths[occupant[slot]];
        positions[slot] = request.prompt().length + written - 1;
        remaining[slot] = request.maxNewTokens() - written;
        sequences[slot] = request.sequence();
        draws[slot] = (long) request.drawn() + written;
      }
    }
    int leastLive = waiting.isEmpty() ? 1 : occupant.length - enough() + 1;
    SlotDecoder.Run run =
        decoder.run(
            new SlotDecoder.Slots(token, positions, sequences, draws, remaining),
            new SlotDecoder.Until(
                most, leastLive, stopIds.stream().mapToInt(Integer::intValue).toArray()),
            sampling);
    runs++;
    steps += run.steps();
    for (int step = 0; step < run.steps(); step++) {
      for (int slot = 0; slot < occupant.length; slot++) {
        if (step < run.counts()[slot]) {
          int at = step * occupant.length + slot;
          receive(slot, run.tokens()[at], run.logps()[at]);
        }
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
