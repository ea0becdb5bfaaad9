package org.etalon.graph.program;

import java.util.List;
import org.etalon.graph.loss.TokenObjective;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Cross-entropy times an input, which a test sets to infinity where the weight is 0. */
record InfiniteAtZeroWeight() implements TokenObjective {
  @Override
  public List<String> inputs() {
    return List.of("factor");
  }

  @Override
  public TokenLoss apply(Ops tf, Operand<TFloat32> logp_C, List<Operand<TFloat32>> inputs_C) {
    return new TokenLoss(
        tf.math.neg(tf.math.mul(logp_C, inputs_C.get(0))), tf.math.neg(inputs_C.get(0)));
  }
}
