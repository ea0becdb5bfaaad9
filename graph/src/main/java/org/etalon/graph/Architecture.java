package org.etalon.graph;

/**
 * The decoder-only architectures that are computed. They share RMSNorm, rotary positions,
 * grouped-query attention and SwiGLU, and differ in what happens to queries, keys and values.
 */
public enum Architecture {
  /** Qwen2, Qwen2.5, Qwen2.5-Math, VibeThinker: biases on q, k and v. */
  QWEN2,
  /** Qwen3: no biases; an RMSNorm over each head's queries and keys. */
  QWEN3,
  /** Llama 2 and 3, SmolLM2: neither. */
  LLAMA;

  /** Whether the query, key and value projections have a bias. */
  public boolean qkvBias() {
    return this == QWEN2;
  }

  /** Whether each head's queries and keys are normalised before they are rotated. */
  public boolean qkNorm() {
    return this == QWEN3;
  }
}
