package org.etalon.graph.program;

/** How attention over whole rows is computed; the results agree within rounding. */
public enum AttentionForm {
  /**
   * cuDNN's flash kernels where a GPU, compiled functions, bfloat16 products and a check at the
   * start allow them; else blocks for rows longer than a block, and in full for shorter ones.
   */
  AUTO,
  /** All scores of a row at once: memory grows with the square of its length. */
  FULL,
  /** Block by block, also for rows of one block. */
  BLOCKS,
  /** cuDNN's flash kernels, or an error; rows of several documents still go block by block. */
  FLASH
}
