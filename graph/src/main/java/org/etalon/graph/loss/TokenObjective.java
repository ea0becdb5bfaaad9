package org.etalon.graph.loss;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A loss that is a weighted sum over tokens of a function of each token's log-probability. That is
 * all that distillation and policy gradients need, and it lets the head's gradient be formed chunk
 * by chunk, while the logits are there.
 */
public interface TokenObjective {
  /**
   * Names of the values each token brings besides its weight, in the order {@link #apply} takes.
   */
  List<String> inputs();

  /**
   * Loss and slope of one chunk of C tokens, before weighting.
   *
   * @param logp_C log-probability of each target, nats
   * @param inputs_C one [C] operand for each name of {@link #inputs()}
   */
  TokenLoss apply(Ops tf, Operand<TFloat32> logp_C, List<Operand<TFloat32>> inputs_C);

  /**
   * A loss per token and its derivative.
   *
   * @param loss_C loss of each token
   * @param slope_C d loss / d logp of each token
   */
  record TokenLoss(Operand<TFloat32> loss_C, Operand<TFloat32> slope_C) {}
}
