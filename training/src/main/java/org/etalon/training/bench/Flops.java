package org.etalon.training.bench;

import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.ParameterSpec.Kind;
import org.etalon.graph.WeightType;

/**
 * Floating-point operations that a model needs, a multiplication and an addition counting two. Only
 * matrix products are counted, each parameter of a matrix once a token, and the head on every
 * position; norms, biases, softmax and sampling are not, nor is what a backward pass computes
 * again.
 *
 * <p>Training takes three products where using a model takes one: the forward pass, and backward
 * one for the input and one for the matrix.
 *
 * @param config the model
 */
record Flops(ModelConfig config) {
  /** Parameters that multiply a token's state: all matrices, and the head although it is tied. */
  long multiplied() {
    long matrices =
        config.parameters().stream()
            .filter(p -> p.kind() == Kind.MATRIX || p.kind() == Kind.RESIDUAL_MATRIX)
            .mapToLong(ParameterSpec::size)
            .sum();
    return matrices + (config.tied() ? (long) config.vocabulary() * config.hidden() : 0);
  }

  /**
   * Causal attention of one document: each position sees half of the document on average; scores
   * and their sum over values are two products of N·H numbers a layer and pair.
   */
  double attention(int tokens) {
    return 2.0 * config.layers() * config.heads() * config.headDim() * tokens * tokens;
  }

  /** Forward pass over one document. */
  double forward(int tokens) {
    return 2.0 * multiplied() * tokens + attention(tokens);
  }

  /** Forward and backward pass over one document. */
  double training(int tokens) {
    return 3 * forward(tokens);
  }

  /**
   * What a training pass over one document takes, in operations of its matrices' type. Attention
   * multiplies in float32, which a processor with bfloat16 products does at half their rate.
   */
  double trainingCost(int tokens, WeightType products) {
    int slower = products == WeightType.BFLOAT16 ? 2 : 1;
    return training(tokens) + 3 * (slower - 1) * attention(tokens);
  }

  /** One new token of one sequence that has {@code context} positions, itself included. */
  double decoding(int context) {
    return 2.0 * multiplied() + 4.0 * config.layers() * config.heads() * config.headDim() * context;
  }
}
