package org.etalon.graph.oracle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Sizes and switches of a {@link NaiveTransformer}; all lengths are counts of units or tokens.
 *
 * @param vocab number of token ids, V
 * @param hidden model width, D
 * @param intermediate feed-forward width, F
 * @param layers number of blocks
 * @param heads query heads, N
 * @param kvHeads key/value heads, K; divides {@code heads}
 * @param headDim size of one head, H; even
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon added to the mean square inside every RMSNorm
 * @param tied whether the output head is the embedding matrix
 * @param qkvBias whether the query, key and value projections have a bias (Qwen2)
 * @param qkNorm whether queries and keys are RMS-normalised per head before rotation (Qwen3)
 */
public record NaiveConfig(
    int vocab,
    int hidden,
    int intermediate,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    double ropeTheta,
    double normEpsilon,
    boolean tied,
    boolean qkvBias,
    boolean qkNorm) {

  /**
   * Checks the divisibility that grouped heads and half-rotation need.
   *
   * @throws IllegalArgumentException if heads are not a multiple of kvHeads or headDim is odd
   */
  public NaiveConfig {
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "heads must be a multiple of kvHeads, got " + heads + " and " + kvHeads);
    }
    if (headDim % 2 != 0) {
      throw new IllegalArgumentException("headDim must be even, got " + headDim);
    }
  }

  /**
   * The Hugging Face names of all parameters with their torch shapes, in checkpoint order. Matrices
   * are out × in, row-major.
   */
  public Map<String, int[]> shapes() {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", new int[] {vocab, hidden});
    for (int layer = 0; layer < layers; layer++) {
      putBlock(shapes, "model.layers." + layer + ".");
    }
    shapes.put("model.norm.weight", new int[] {hidden});
    if (!tied) {
      shapes.put("lm_head.weight", new int[] {vocab, hidden});
    }
    return shapes;
  }

  private void putBlock(Map<String, int[]> shapes, String block) {
    String attn = block + "self_attn.";
    shapes.put(block + "input_layernorm.weight", new int[] {hidden});
    putProjection(shapes, attn + "q_proj", heads * headDim);
    putProjection(shapes, attn + "k_proj", kvHeads * headDim);
    putProjection(shapes, attn + "v_proj", kvHeads * headDim);
    shapes.put(attn + "o_proj.weight", new int[] {hidden, heads * headDim});
    if (qkNorm) {
      shapes.put(attn + "q_norm.weight", new int[] {headDim});
      shapes.put(attn + "k_norm.weight", new int[] {headDim});
    }
    shapes.put(block + "post_attention_layernorm.weight", new int[] {hidden});
    shapes.put(block + "mlp.gate_proj.weight", new int[] {intermediate, hidden});
    shapes.put(block + "mlp.up_proj.weight", new int[] {intermediate, hidden});
    shapes.put(block + "mlp.down_proj.weight", new int[] {hidden, intermediate});
  }

  private void putProjection(Map<String, int[]> shapes, String name, int out) {
    shapes.put(name + ".weight", new int[] {out, hidden});
    if (qkvBias) {
      shapes.put(name + ".bias", new int[] {out});
    }
  }
}
