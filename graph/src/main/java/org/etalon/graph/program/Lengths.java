package org.etalon.graph.program;

/**
 * The lengths that graphs are built for: a least one, its doubles, and the most that is ever
 * needed. They are few, and what lies beyond the need is less than the need.
 *
 * @param least the shortest, positions
 * @param most the longest, positions
 * @param chunk what a length is a multiple of, positions; it may go beyond {@code most} for that
 */
record Lengths(int least, int most, int chunk) {
  /** The shortest that covers {@code needed} positions. */
  int covering(int needed) {
    long length = least;
    while (length < needed) {
      length *= 2;
    }
    return ((int) Math.min(length, most) + chunk - 1) / chunk * chunk;
  }
}
