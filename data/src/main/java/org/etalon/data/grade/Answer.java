package org.etalon.data.grade;

/** An answer that has been read into something that can be compared. */
sealed interface Answer {
  /** A number, exactly. */
  record Exact(Rational value) implements Answer {}

  /** Anything else, as text without what does not change its meaning. */
  record Text(String normalised) implements Answer {}
}
