package org.etalon.graph.loss;

import java.util.List;
import java.util.Optional;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Fusion;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * What a loss needs of the logits z of C positions: the target's log-probability z_t − ln Σeᶻ, the
 * entropy ln Σeᶻ − Σ p z, and the gradient s · (onehot(t) − p) of a loss whose slope by the
 * log-probability is s. All is float32 within.
 */
sealed interface TokenLogits {
  /** ln p of each target, nats. */
  Operand<TFloat32> logp_C();

  /** Entropy of each distribution, nats. */
  Operand<TFloat32> entropy_C();

  /**
   * The gradient by the logits as the head gave them, before the temperature.
   *
   * @param slope_C derivative of the loss by each log-probability
   */
  Operand<?> gradient(Ops tf, Operand<TFloat32> slope_C);

  /**
   * Of the head's result.
   *
   * @param logits_CV in the type of products
   * @param temperature scalar by which they are divided
   */
  static TokenLogits of(
      Ops tf,
      Optional<Fusion> fusion,
      Operand<?> logits_CV,
      Operand<TInt32> target_C,
      Operand<TFloat32> temperature) {
    return fusion.isPresent()
        ? Fused.of(tf, fusion.get(), logits_CV, target_C, temperature)
        : Kernel.of(tf, logits_CV, target_C, temperature);
  }

  /**
   * By TensorFlow's own kernel.
   *
   * @param excess_CV p − onehot(t)
   */
  record Kernel(
      Operand<TFloat32> logp_C,
      Operand<TFloat32> entropy_C,
      Operand<TFloat32> excess_CV,
      Operand<TFloat32> temperature)
      implements TokenLogits {
    static Kernel of(
        Ops tf, Operand<?> logits_CV, Operand<TInt32> target_C, Operand<TFloat32> temperature) {
      var z_CV = tf.math.div(Cast.float32(tf, logits_CV), temperature);
      var entropy = tf.nn.sparseSoftmaxCrossEntropyWithLogits(z_CV, target_C);
      var excess_CV = entropy.backprop();
      // H = ln Σe^z − Σ p z = −logp − Σ (p − onehot) z: no second softmax.
      var spread_C = tf.reduceSum(tf.math.mul(excess_CV, z_CV), tf.constant(1));
      return new Kernel(
          tf.math.neg(entropy.loss()),
          tf.math.sub(entropy.loss(), spread_C),
          excess_CV,
          temperature);
    }

    @Override
    public Operand<TFloat32> gradient(Ops tf, Operand<TFloat32> slope_C) {
      var scale_C1 = tf.expandDims(tf.math.neg(tf.math.div(slope_C, temperature)), tf.constant(1));
      return tf.math.mul(excess_CV, scale_C1);
    }
  }

  /**
   * Compiled: nothing of the logits' size is written but the gradient.
   *
   * @param logSum_C ln Σeᶻ
   */
  record Fused(
      Fusion fusion,
      Operand<?> logits_CV,
      Operand<TInt32> target_C,
      Operand<TFloat32> temperature,
      Operand<TFloat32> logp_C,
      Operand<TFloat32> entropy_C,
      Operand<TFloat32> logSum_C)
      implements TokenLogits {
    /** Partial sums kept side by side, because XLA does not reorder a sum into vectors itself. */
    private static final int LANES = 32;

    @SuppressWarnings("unchecked") // scores are float32
    static Fused of(
        Ops tf,
        Fusion fusion,
        Operand<?> logits_CV,
        Operand<TInt32> target_C,
        Operand<TFloat32> temperature) {
      var scores =
          fusion.call(tf, "head_scores", List.of(logits_CV, target_C, temperature), Fused::scores);
      return new Fused(
          fusion,
          logits_CV,
          target_C,
          temperature,
          (Operand<TFloat32>) scores.get(0),
          (Operand<TFloat32>) scores.get(1),
          (Operand<TFloat32>) scores.get(2));
    }

    private static List<Operand<TFloat32>> scores(Ops tf, List<Operand<?>> in) {
      var z_CV = scaled(tf, in.get(0), in.get(2));
      int positions = Math.toIntExact(z_CV.shape().get(0));
      Operand<TFloat32> most_C1 = tf.stopGradient(rowMax(tf, z_CV));
      var e_CV = tf.math.exp(tf.math.sub(z_CV, most_C1));
      var sum_C = rowSum(tf, e_CV);
      var most_C = tf.reshape(most_C1, tf.constant(new int[] {-1}));
      var logSum_C = tf.math.add(tf.math.log(sum_C), most_C);
      var mean_C = tf.math.div(rowSum(tf, tf.math.mul(e_CV, z_CV)), sum_C);
      var index_C = tf.range(tf.constant(0), tf.constant(positions), tf.constant(1));
      var at_C2 = tf.stack(List.of(index_C, int32(in.get(1))), Stack.axis(1L));
      var logp_C = tf.math.sub(tf.gatherNd(z_CV, at_C2), logSum_C);
      return List.of(logp_C, tf.math.sub(logSum_C, mean_C), logSum_C);
    }

    @Override
    public Operand<?> gradient(Ops tf, Operand<TFloat32> slope_C) {
      return fusion
          .call(
              tf,
              "head_gradient",
              List.of(logits_CV, target_C, temperature, logSum_C, slope_C),
              Fused::slopes)
          .get(0);
    }

    @SuppressWarnings("unchecked") // logits are floating
    private static List<Operand<?>> slopes(Ops tf, List<Operand<?>> in) {
      var z_CV = scaled(tf, in.get(0), in.get(2));
      var column = tf.constant(1);
      var p_CV = tf.math.exp(tf.math.sub(z_CV, tf.expandDims(Cast.float32(tf, in.get(3)), column)));
      int vocabulary = Math.toIntExact(z_CV.shape().get(1));
      var index_V = tf.range(tf.constant(0), tf.constant(vocabulary), column);
      var hit_CV = tf.math.equal(index_V, tf.expandDims(int32(in.get(1)), column));
      var excess_CV = tf.math.sub(p_CV, tf.dtypes.cast(hit_CV, TFloat32.class));
      var slope_C = tf.math.div(Cast.float32(tf, in.get(4)), Cast.float32(tf, in.get(2)));
      var d_CV = tf.math.mul(excess_CV, tf.expandDims(tf.math.neg(slope_C), column));
      return List.of(Cast.to(tf, d_CV, (Class<? extends TFloating>) in.get(0).asOutput().type()));
    }

    private static Operand<TFloat32> scaled(Ops tf, Operand<?> logits_CV, Operand<?> temperature) {
      return tf.math.div(Cast.float32(tf, logits_CV), Cast.float32(tf, temperature));
    }

    @SuppressWarnings("unchecked") // targets are int32
    private static Operand<TInt32> int32(Operand<?> x) {
      return (Operand<TInt32>) x;
    }

    /** [C, V] as [C, V / lanes, lanes], or with V of no such multiple as [C, V, 1]. */
    private static Operand<TFloat32> lanes(Ops tf, Operand<TFloat32> x_CV) {
      int positions = Math.toIntExact(x_CV.shape().get(0));
      int vocabulary = Math.toIntExact(x_CV.shape().get(1));
      int lanes = vocabulary % LANES == 0 ? LANES : 1;
      return tf.reshape(x_CV, tf.constant(new int[] {positions, vocabulary / lanes, lanes}));
    }

    private static Operand<TFloat32> rowSum(Ops tf, Operand<TFloat32> x_CV) {
      return tf.reduceSum(tf.reduceSum(lanes(tf, x_CV), tf.constant(1)), tf.constant(1));
    }

    private static Operand<TFloat32> rowMax(Ops tf, Operand<TFloat32> x_CV) {
      var most_C = tf.max(tf.max(lanes(tf, x_CV), tf.constant(1)), tf.constant(1));
      return tf.expandDims(most_C, tf.constant(1));
    }
  }
}
