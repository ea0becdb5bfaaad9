package org.etalon.graph.model;

/**
 * What the backward pass computes again instead of keeping it from the forward pass. The gradient
 * is the same; memory is traded for time.
 */
public enum Recompute {
  /** Nothing: every intermediate value is kept. */
  NONE("none"),
  /**
   * What costs little: norms, rotations, attention weights of blocks (attention in full keeps them)
   * and the product of the feed-forward's halves. Kept per token and layer: the residual stream
   * twice, queries, keys, values and the attention's result in float32, gate and up in the type of
   * products: 2D + 2(N + K)H + 2F numbers.
   */
  SELECTIVE("selective"),
  /** Every layer as a whole. Kept per token and layer: its input, D numbers. */
  FULL("full");

  private final String name;

  Recompute(String name) {
    this.name = name;
  }

  /**
   * The choice of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Recompute of(String name) {
    for (Recompute recompute : values()) {
      if (recompute.name.equals(name)) {
        return recompute;
      }
    }
    throw new IllegalArgumentException("recompute must be none, selective or full, got " + name);
  }

  @Override
  public String toString() {
    return name;
  }
}
