package org.etalon.graph.plan;

/**
 * The shape of a decoder.
 *
 * @param slots S, sequences decoded together; rounded up as {@link
 *     org.etalon.graph.program.Decoder} does
 * @param capacity C, positions of a slot that its caches come to hold; see {@link #held}
 * @param prefillRows P, prompts run together
 * @param prefillLength longest prompt as it is padded, positions
 */
public record DecodeShape(int slots, int capacity, int prefillRows, int prefillLength) {
  private static final int BLOCK = 8;

  /** The shortest cache of a {@link org.etalon.graph.program.Decoder}. */
  private static final int LEAST = 256;

  public DecodeShape {
    if (slots < 1 || capacity < 1 || prefillRows < 1 || prefillLength < 1) {
      throw new IllegalArgumentException(
          "a decoder needs at least 1 slot, position, prefill row and prompt token, got %d, %d, %d, %d"
              .formatted(slots, capacity, prefillRows, prefillLength));
    }
    slots = blocks(slots);
    prefillRows = blocks(prefillRows);
  }

  /**
   * Positions that a decoder's caches hold once a slot needs {@code needed} of them: {@value
   * #LEAST} or a double of it, but no more than the decoder was built for.
   *
   * @param most positions per slot that it was built for
   */
  public static int held(int needed, int most) {
    long length = LEAST;
    while (length < needed) {
      length *= 2;
    }
    return (int) Math.min(length, most);
  }

  private static int blocks(int rows) {
    return rows == 1 ? 1 : (rows + BLOCK - 1) / BLOCK * BLOCK;
  }
}
