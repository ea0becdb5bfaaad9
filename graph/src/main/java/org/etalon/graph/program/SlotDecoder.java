package org.etalon.graph.program;

import java.util.List;

/** Decoding by slots, in arrays: what the rollout engine needs, and what a test can fake. */
public interface SlotDecoder {
  /** Sequences decoded together (S). */
  int slots();

  /** Positions per slot (C). */
  int capacity();

  /** Longest prompt, tokens. */
  int prefillLength();

  /** Most prompts in one prefill. */
  int prefillRows();

  /**
   * One token per entry.
   *
   * @param tokens the tokens drawn
   * @param logps ln p of each, nats, under the temperature-scaled full distribution
   */
  record Drawn(int[] tokens, float[] logps) {}

  /**
   * Runs prompts, fills slots with their keys and values and draws each slot's first token.
   *
   * @param prompts at most {@link #prefillRows()} prompts, each at most {@link #prefillLength()}
   *     long
   * @param slotPrompts index of the prompt of each slot to fill
   * @param slotIds the slots to fill, each once
   * @param sequences random key of each slot to fill
   * @return entry i belongs to slotIds[i]; there may be more entries than slots asked for
   */
  Drawn prefill(
      List<int[]> prompts, int[] slotPrompts, int[] slotIds, long[] sequences, Sampling sampling);

  /**
   * Feeds a token to every slot and draws the next. All arrays have {@link #slots()} elements.
   *
   * @param tokens the tokens to feed
   * @param positions position of each in its slot, counted from the prompt's start
   * @param sequences random key of each slot
   * @param draws index of the token now drawn, 0 being the one that prefill drew
   */
  Drawn step(int[] tokens, int[] positions, long[] sequences, long[] draws, Sampling sampling);
}
