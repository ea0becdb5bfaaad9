package org.etalon.data.grade.math;

import java.time.Duration;

/**
 * What one comparison may use up. The work decides, so that a verdict is the same on every machine;
 * the time is a backstop only. Not safe for use from several threads.
 *
 * <p>Our choice: {@value #WORK} units, some 0.1 seconds; one is the product of two terms of a
 * polynomial or the value of one node as double, an elementary function to full precision is
 * {@value Precise#FUNCTION_WORK}.
 */
public final class Budget {
  static final int WORK = 100_000;

  private final long deadline;
  private int left = WORK;

  /** A full budget that runs out after a time even if work is left. */
  public Budget(Duration time) {
    deadline = System.nanoTime() + time.toNanos();
  }

  /**
   * Takes some of the work.
   *
   * @throws WorkException if none is left, or the time is over
   */
  public void spend(int work) {
    left -= work;
    if (left < 0) {
      throw new WorkException("too much work to compare");
    }
    if (System.nanoTime() - deadline > 0) {
      throw new WorkException("too slow to compare");
    }
  }
}
