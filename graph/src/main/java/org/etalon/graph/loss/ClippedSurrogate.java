package org.etalon.graph.loss;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The token part of the MGPO objective: −min(ρ A', clip(ρ, 1−ε_low, 1+ε_high) A') + β KL, with ρ =
 * π_θ/π_old of the token. A' already carries the max-entropy weight (see {@link GroupAdvantage});
 * the mean over tokens, responses and prompts is in the token weights.
 *
 * <p>Paper: P1 §3.4, formula of the objective. Our choice: separate clip bounds and the optional KL
 * term, both of which public recipes use and the paper leaves open.
 *
 * @param clipLow ε below 1; at least 0, less than 1
 * @param clipHigh ε above 1; at least 0
 * @param klCoefficient β; 0 leaves the reference out
 * @param klEstimator how the KL term is estimated
 */
public record ClippedSurrogate(
    float clipLow, float clipHigh, float klCoefficient, KlEstimator klEstimator)
    implements TokenObjective {
  public ClippedSurrogate {
    if (clipLow < 0 || clipLow >= 1) {
      throw new IllegalArgumentException(
          "the lower clip range must be in [0, 1), got " + clipLow + "; set mgpo.clipLow");
    }
    if (clipHigh < 0) {
      throw new IllegalArgumentException(
          "the upper clip range must not be negative, got " + clipHigh + "; set mgpo.clipHigh");
    }
    if (klCoefficient < 0) {
      throw new IllegalArgumentException(
          "the KL coefficient must not be negative, got "
              + klCoefficient
              + "; set mgpo.klCoefficient");
    }
  }

  @Override
  public List<String> inputs() {
    return klCoefficient > 0
        ? List.of("old_logp", "advantage", "reference_logp")
        : List.of("old_logp", "advantage");
  }

  @Override
  public TokenLoss apply(Ops tf, Operand<TFloat32> logp_C, List<Operand<TFloat32>> inputs_C) {
    var advantage_C = inputs_C.get(1);
    var ratio_C = tf.math.exp(tf.math.sub(logp_C, inputs_C.get(0)));
    var free_C = tf.math.mul(ratio_C, advantage_C);
    var clipped_C =
        tf.math.mul(
            tf.clipByValue(ratio_C, tf.constant(1 - clipLow), tf.constant(1 + clipHigh)),
            advantage_C);
    // Where the clipped side is the smaller one, the ratio is outside the range: no slope.
    var moves_C = tf.math.lessEqual(free_C, clipped_C);
    Operand<TFloat32> loss_C = tf.math.neg(tf.math.minimum(free_C, clipped_C));
    Operand<TFloat32> slope_C = tf.select(moves_C, tf.math.neg(free_C), tf.zerosLike(free_C));
    if (klCoefficient == 0) {
      return new TokenLoss(loss_C, slope_C);
    }
    var beta = tf.constant(klCoefficient);
    var kl = kl(tf, tf.math.sub(logp_C, inputs_C.get(2)));
    return new TokenLoss(
        tf.math.add(loss_C, tf.math.mul(beta, kl.loss_C())),
        tf.math.add(slope_C, tf.math.mul(beta, kl.slope_C())));
  }

  private TokenLoss kl(Ops tf, Operand<TFloat32> d_C) {
    return switch (klEstimator) {
      case K1 -> new TokenLoss(d_C, tf.onesLike(d_C));
      case K2 -> new TokenLoss(tf.math.mul(tf.constant(0.5f), tf.math.square(d_C)), d_C);
      case K3 -> {
        var inverse_C = tf.math.exp(tf.math.neg(d_C));
        var one = tf.constant(1f);
        yield new TokenLoss(
            tf.math.sub(tf.math.add(inverse_C, d_C), one), tf.math.sub(one, inverse_C));
      }
    };
  }
}
