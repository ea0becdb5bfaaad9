package org.etalon.graph.program;

/**
 * The lengths that graphs are built for: a least one, its doubles, and the most that is ever
 * needed. They are few, and what lies beyond the need is less than the need.
 *
 * @param least the shortest, positions
 * @param most the longest, positions
 */
record Lengths(int least, int most) {
  /** The shortest that covers {@code needed} positions. */
  int covering(int needed) {
    long length = least;
    while (length < needed) {
      length *= 2;
    }
    return (int) Math.min(length, most);
  }
}
