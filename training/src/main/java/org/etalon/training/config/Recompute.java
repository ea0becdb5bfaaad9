package org.etalon.training.config;

/** What the backward pass computes again instead of keeping it; the gradient is the same. */
public enum Recompute {
  /** Nothing. */
  NONE("none"),
  /** What costs little: norms, attention weights, the product of the feed-forward's halves. */
  SELECTIVE("selective"),
  /** Every layer as a whole. */
  FULL("full");

  private final String name;

  Recompute(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
