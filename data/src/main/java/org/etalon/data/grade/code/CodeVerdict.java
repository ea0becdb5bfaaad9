package org.etalon.data.grade.code;

/**
 * What became of a program; the names are those of isolate, the sandbox of programming contests.
 */
public enum CodeVerdict {
  /** Every test passed. */
  OK,
  /** A wrong answer. */
  WA,
  /**
   * A runtime error: the program ended with another status than 0, or without a result. Our choice:
   * memory beyond the limit is one too, because Python then raises {@code MemoryError}; a program
   * of several processes, which have too much together, is ended.
   */
  RE,
  /** Ended by a signal, also for more output than allowed. */
  SG,
  /** Out of time: wall-clock time or processor time. */
  TO,
  /** The sandbox itself failed; says nothing of the program and is never a reward. */
  XX
}
