package org.etalon.graph.program;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decoding with the program's weights: S slots, each with a key/value cache. {@link #prefill} runs
 * prompts and fills slots (several slots may share one prompt); {@link #run} draws tokens, many in
 * one run of the session. Which slots mean something is the caller's business.
 *
 * <p>Caches and prompts have a few lengths only: {@value #LEAST} positions and its doubles, up to
 * what is ever needed. A run's caches are as long as its longest live slot needs; a prompt is
 * padded as its own length needs. A graph is built when a length first occurs. Where kernels add up
 * rows of different lengths in different orders, a draw's last bits depend on that length, and so
 * on the slots beside it, once one of them is longer than {@value #LEAST}.
 */
public final class Decoder implements SlotDecoder {
  /** Rows that a matrix kernel computes alike; the rest of a product takes another path. */
  private static final int BLOCK = 8;

  /** Our choice: shorter caches would save little beside a step's other work. */
  private static final int LEAST = 256;

  /** Our choice: what a run of the session costs is then a few hundredths of its work. */
  private static final int TOKENS_PER_RUN = 32;

  private final Program program;
  private final int slots;
  private final int prefillRows;
  private final Lengths positions;
  private final Lengths prompts;
  private final Caches caches;
  private final Map<RunGraph.Shape, RunGraph> runs = new HashMap<>();
  private final Map<PrefillGraph.Shape, PrefillGraph> prefills = new HashMap<>();

  /**
   * Slots and prefill rows are rounded up to whole blocks of 8, because kernels compute the rows
   * left over with other instructions: a sample would then differ in its last bits by its slot.
   *
   * @param slots least number of sequences decoded together (S)
   * @param capacity most positions per slot: longest prompt plus longest response
   * @param prefillRows least number of prompts run together
   * @param prefillLength longest prompt
   */
  public Decoder(Program program, int slots, int capacity, int prefillRows, int prefillLength) {
    this(program, slots, capacity, prefillRows, prefillLength, LEAST);
  }

  /** The same with another least length of caches and padded prompts. */
  Decoder(Program program, int slots, int capacity, int prefillRows, int prefillLength, int least) {
    if (slots < 1 || prefillRows < 1 || prefillLength < 1 || capacity <= prefillLength) {
      throw new IllegalArgumentException(
          ("a decoder needs at least 1 slot, 1 prefill row and a prompt shorter than its capacity,"
                  + " got %d slots, %d rows, prompts of %d, capacity %d")
              .formatted(slots, prefillRows, prefillLength, capacity));
    }
    this.program = program;
    this.slots = blocks(slots);
    this.prefillRows = blocks(prefillRows);
    int chunk = StepForm.of(program, this.slots, capacity).chunk();
    this.positions = new Lengths(least, capacity, chunk);
    this.prompts = new Lengths(least, prefillLength, chunk);
    this.caches = new Caches(program, this.slots);
  }

  /** One row is always alone, and so always the same. */
  private static int blocks(int rows) {
    return rows == 1 ? 1 : (rows + BLOCK - 1) / BLOCK * BLOCK;
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public int capacity() {
    return positions.most();
  }

  @Override
  public int prefillLength() {
    return prompts.most();
  }

  @Override
  public int prefillRows() {
    return prefillRows;
  }

  @Override
  public int padded(int length) {
    return prompts.covering(length);
  }

  @Override
  public int tokensPerRun() {
    return TOKENS_PER_RUN;
  }

  /** Positions per slot that there is room for at the moment; 0 before the first prefill. */
  public int heldPositions() {
    return caches.length();
  }

  /** Gives the caches' memory back; slots are empty then, and the next prefill takes new memory. */
  public void release() {
    caches.release();
  }

  @Override
  public Drawn prefill(List<int[]> prompts, Fill fill, Sampling sampling) {
    int longest = 1;
    for (int i = 0; i < prompts.size(); i++) {
      check(prompts.get(i), i);
      longest = Math.max(longest, prompts.get(i).length);
    }
    int padded = padded(longest);
    // What other slots hold is not known here, so nothing is cut.
    caches.resize(Math.max(caches.length(), positions.covering(padded)));
    var shape =
        new PrefillGraph.Shape(prefillRows, padded, slots, caches.length(), sampling.truncates());
    return prefills
        .computeIfAbsent(shape, s -> new PrefillGraph(program, caches, s))
        .run(prompts, fill, sampling);
  }

  @Override
  public Run run(Slots state, Until until, Sampling sampling) {
    int needed = 1;
    for (int s = 0; s < slots; s++) {
      int steps = Math.max(1, Math.min(until.steps(), state.remaining()[s]));
      needed = Math.max(needed, state.positions()[s] + steps);
    }
    if (needed > capacity() || caches.length() == 0) {
      throw new IllegalArgumentException(
          "a run needs %d positions in a slot of %d, filled by a prefill; ask for less"
              .formatted(needed, capacity()));
    }
    caches.resize(positions.covering(needed));
    int[] stopIds = padded(until.stopIds());
    var shape =
        new RunGraph.Shape(
            slots, caches.length(), TOKENS_PER_RUN, stopIds.length, sampling.truncates());
    return runs.computeIfAbsent(shape, s -> new RunGraph(program, caches, s))
        .run(state, new Until(until.steps(), until.leastLive(), stopIds), sampling);
  }

  /** Stop ids in a multiple of 8, so that graphs are few; the rest is no token. */
  private static int[] padded(int[] stopIds) {
    int[] all = new int[(stopIds.length + BLOCK - 1) / BLOCK * BLOCK];
    Arrays.fill(all, -1);
    System.arraycopy(stopIds, 0, all, 0, stopIds.length);
    return all;
  }

  /** Refuses what would spill into the next row, or be read as another token by XLA's gather. */
  private void check(int[] prompt, int index) {
    if (prompt.length < 1 || prompt.length > prefillLength()) {
      throw new IllegalArgumentException(
          "prompt %d has %d tokens but 1 to %d are allowed; shorten it or set a larger window"
              .formatted(index, prompt.length, prefillLength()));
    }
    int vocabulary = program.config().vocabulary();
    for (int t = 0; t < prompt.length; t++) {
      if (prompt[t] < 0 || prompt[t] >= vocabulary) {
        throw new IllegalArgumentException(
            "token id %d at position %d of prompt %d is outside the vocabulary of %d; "
                    .formatted(prompt[t], t, index, vocabulary)
                + "use the model's own tokenizer");
      }
    }
  }
}
