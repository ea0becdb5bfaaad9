package org.etalon.graph.rollout;

/**
 * What rollouts took.
 *
 * @param tokens tokens drawn
 * @param runs runs of the session that drew them, prefills not counted
 * @param steps steps of all slots together
 * @param slotSteps steps times slots: tokens that the same steps could have drawn
 * @param prefills prefills, each of which draws one token for every slot that it fills
 * @param prefilled tokens that prefills drew
 * @param prefillSeconds time in them
 * @param seconds time of all
 */
public record RolloutStats(
    long tokens,
    long runs,
    long steps,
    long slotSteps,
    long prefills,
    long prefilled,
    double prefillSeconds,
    double seconds) {
  /** Places in steps that drew nothing, because their slots were finished or empty. */
  public long idle() {
    return slotSteps - (tokens - prefilled);
  }

  /** Mean share of slots that drew a token in a step; 0 without steps. */
  public double liveShare() {
    return slotSteps == 0 ? 0 : 1 - (double) idle() / slotSteps;
  }

  /** Share of the time that prefills took. */
  public double prefillShare() {
    return seconds == 0 ? 0 : prefillSeconds / seconds;
  }

  /** Tokens drawn per second. */
  public double tokensPerSecond() {
    return seconds == 0 ? 0 : tokens / seconds;
  }
}
