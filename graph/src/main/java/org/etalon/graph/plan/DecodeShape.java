package org.etalon.graph.plan;

/**
 * The shape of a decoder.
 *
 * @param slots S, sequences decoded together; rounded up as {@link
 *     org.etalon.graph.program.Decoder} does
 * @param capacity positions of a slot: longest prompt and longest response
 * @param prefillRows prompts run together
 * @param prefillLength longest prompt, positions
 */
public record DecodeShape(int slots, int capacity, int prefillRows, int prefillLength) {
  private static final int BLOCK = 8;

  public DecodeShape {
    if (slots < 1 || capacity < 1 || prefillRows < 1 || prefillLength < 1) {
      throw new IllegalArgumentException(
          "a decoder needs at least 1 slot, position, prefill row and prompt token, got %d, %d, %d, %d"
              .formatted(slots, capacity, prefillRows, prefillLength));
    }
    slots = blocks(slots);
    prefillRows = blocks(prefillRows);
  }

  private static int blocks(int rows) {
    return rows == 1 ? 1 : (rows + BLOCK - 1) / BLOCK * BLOCK;
  }
}
