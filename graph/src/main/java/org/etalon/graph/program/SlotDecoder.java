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
   * Positions that a prompt is padded to. Prompts of one prefill are padded alike, so that a
   * prompt's numbers do not depend on those beside it.
   *
   * @param length of the prompt, at most {@link #prefillLength()}
   */
  int padded(int length);

  /** Most tokens of a slot in one run (n). */
  int tokensPerRun();

  /**
   * One token per entry.
   *
   * @param tokens the tokens drawn
   * @param logps ln p of each, nats, under the temperature-scaled full distribution
   */
  record Drawn(int[] tokens, float[] logps) {}

  /**
   * The slots that a prefill fills; entry i of each array belongs to one slot.
   *
   * @param prompts index of each one's prompt
   * @param slots their numbers, each once
   * @param sequences their random keys
   * @param draws index of the token now drawn, 0 being a response's first
   */
  record Fill(int[] prompts, int[] slots, long[] sequences, long[] draws) {}

  /**
   * What every slot feeds next; all arrays have {@link #slots()} elements.
   *
   * @param tokens the tokens to feed
   * @param positions position of each in its slot, counted from the prompt's start
   * @param sequences random key of each slot
   * @param draws index of the token now drawn, 0 being a response's first
   * @param remaining most tokens to draw; 0: nothing of this slot is wanted
   */
  record Slots(int[] tokens, int[] positions, long[] sequences, long[] draws, int[] remaining) {}

  /**
   * When a run ends, if not with the last slot.
   *
   * @param steps tokens of a slot, at most {@link #tokensPerRun()}
   * @param leastLive ends when fewer slots than this are still unfinished; at least 1
   * @param stopIds tokens after which a slot is finished
   */
  record Until(int steps, int leastLive, int[] stopIds) {}

  /**
   * What a run drew. A slot's tokens are those of the first steps.
   *
   * @param steps steps done
   * @param tokens by step, then slot
   * @param logps ln p of each, nats
   * @param counts tokens of each slot
   */
  record Run(int steps, int[] tokens, float[] logps, int[] counts) {}

  /**
   * Runs prompts, fills slots with their keys and values and draws each slot's next token.
   *
   * @param prompts at most {@link #prefillRows()} prompts, {@linkplain #padded padded} alike
   * @return entry i belongs to entry i of {@code fill}; there may be more
   */
  Drawn prefill(List<int[]> prompts, Fill fill, Sampling sampling);

  /**
   * Feeds each slot its token, draws the next, feeds that, and so on.
   *
   * @throws IllegalArgumentException if a slot would outgrow its capacity
   */
  Run run(Slots slots, Until until, Sampling sampling);
}
