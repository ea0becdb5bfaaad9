package org.etalon.graph.loss;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * −ln p of the target: supervised distillation on response tokens.
 *
 * <p>Paper: P1 §2, the cross-entropy of the response given the problem.
 */
public record CrossEntropy() implements TokenObjective {
  @Override
  public List<String> inputs() {
    return List.of();
  }

  @Override
  public TokenLoss apply(Ops tf, Operand<TFloat32> logp_C, List<Operand<TFloat32>> inputs_C) {
    return new TokenLoss(tf.math.neg(logp_C), tf.math.neg(tf.onesLike(logp_C)));
  }
}
