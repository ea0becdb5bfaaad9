package org.etalon.graph.optim;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch computes it: p ← p −
 * η·wd·p; m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; p ← p − η·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε).
 *
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon ε, positive
 * @param weightDecay wd, at least 0, for parameters that decay
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {
  public AdamW {
    fraction("beta1", beta1);
    fraction("beta2", beta2);
    if (!(epsilon > 0) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "AdamW needs epsilon > 0 and weightDecay >= 0, got " + epsilon + ", " + weightDecay);
    }
  }

  /** One parameter with its moments, all of one shape. */
  public record Slot(Operand<TFloat32> p, Operand<TFloat32> m, Operand<TFloat32> v) {}

  /**
   * What every update of one step shares, all scalars.
   *
   * @param rate η
   * @param correction1 1 − β₁ᵗ
   * @param correction2 1 − β₂ᵗ
   * @param scale factor on the gradients, for clipping by global norm
   */
  public record Scalars(
      Operand<TFloat32> rate,
      Operand<TFloat32> correction1,
      Operand<TFloat32> correction2,
      Operand<TFloat32> scale) {}

  /** The slot after one step with {@code gradient}. */
  public Slot update(
      Ops tf, Slot slot, Operand<TFloat32> gradient, boolean decays, Scalars scalars) {
    var g = tf.math.mul(gradient, scalars.scale);
    var m = mix(tf, slot.m, g, beta1);
    var v = mix(tf, slot.v, tf.math.square(g), beta2);
    var root = tf.math.sqrt(tf.math.div(v, scalars.correction2));
    var step =
        tf.math.div(
            tf.math.div(m, scalars.correction1), tf.math.add(root, tf.constant((float) epsilon)));
    Operand<TFloat32> kept = slot.p;
    if (decays && weightDecay > 0) {
      var decay = tf.math.mul(scalars.rate, tf.constant((float) weightDecay));
      kept = tf.math.mul(slot.p, tf.math.sub(tf.constant(1f), decay));
    }
    return new Slot(tf.math.sub(kept, tf.math.mul(scalars.rate, step)), m, v);
  }

  private static Operand<TFloat32> mix(
      Ops tf, Operand<TFloat32> old, Operand<TFloat32> now, double beta) {
    return tf.math.add(
        tf.math.mul(tf.constant((float) beta), old),
        tf.math.mul(tf.constant((float) (1 - beta)), now));
  }

  private static void fraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException("AdamW " + name + " must be in [0, 1), got " + value);
    }
  }
}
