package org.etalon.graph.loss;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.model.Matrix;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * The output head and a token loss, forward and backward, over chunks of positions: the logits of
 * one chunk live at a time, so memory does not grow with vocabulary × length.
 *
 * <p>For a chunk of C positions with states h: z = h Wᵀ / temperature; the slope s of the loss by
 * each target's log-probability gives dz = −s (softmax z − onehot), and from it dh and dW at once.
 *
 * @param head_VD the head's weights
 * @param temperature scalar; log-probabilities are those of softmax(logits / temperature), so that
 *     they equal the sampler's
 * @param chunk positions per chunk; the last chunk may be shorter
 */
public record ChunkedHead(Matrix head_VD, Operand<TFloat32> temperature, int chunk) {
  public ChunkedHead {
    if (chunk < 1) {
      throw new IllegalArgumentException(
          "a head chunk must hold at least 1 position, got " + chunk + "; set sft.headChunk");
    }
  }

  /**
   * Per-token scores.
   *
   * @param logp_M log-probability of each target, nats
   * @param entropy_M entropy of each position's distribution, nats
   */
  public record Scores(Operand<TFloat32> logp_M, Operand<TFloat32> entropy_M) {}

  /**
   * A loss with its gradients.
   *
   * @param loss scalar, Σ weight · loss
   * @param dHidden_MD gradient by the states
   * @param dHead_VD gradient by the head's weights
   * @param scores per-token scores
   */
  public record Backward(
      Operand<TFloat32> loss,
      Operand<TFloat32> dHidden_MD,
      Operand<TFloat32> dHead_VD,
      Scores scores) {}

  /** Log-probabilities and entropies of {@code targets_M}, no gradient. */
  public Scores score(Ops tf, Operand<TFloat32> hidden_MD, Operand<TInt32> targets_M) {
    List<Operand<TFloat32>> logps = new ArrayList<>();
    List<Operand<TFloat32>> entropies = new ArrayList<>();
    Ops scope = tf;
    for (Range range : ranges(hidden_MD)) {
      Logits logits = logits(scope, range.of(tf, hidden_MD), range.of(tf, targets_M));
      logps.add(logits.logp_C);
      entropies.add(logits.entropy_C);
      scope = tf.withControlDependencies(List.<Op>of(logits.entropy_C));
    }
    return new Scores(join(tf, logps), join(tf, entropies));
  }

  /**
   * The weighted loss and its gradients in one pass.
   *
   * @param hidden_MD normalised final states
   * @param targets_M target ids; any valid id where the weight is 0
   * @param weight_M what each token's loss counts; 0 leaves a token out
   * @param inputs_M the objective's inputs
   */
  public Backward backward(
      Ops tf,
      Operand<TFloat32> hidden_MD,
      Operand<TInt32> targets_M,
      Operand<TFloat32> weight_M,
      TokenObjective objective,
      List<Operand<TFloat32>> inputs_M) {
    List<Operand<TFloat32>> logps = new ArrayList<>();
    List<Operand<TFloat32>> entropies = new ArrayList<>();
    List<Operand<TFloat32>> dHiddens = new ArrayList<>();
    Operand<TFloat32> loss = tf.constant(0f);
    Operand<TFloat32> dHead_VD = null;
    Ops scope = tf;
    for (Range range : ranges(hidden_MD)) {
      var h_CD = range.of(tf, hidden_MD);
      Logits logits = logits(scope, h_CD, range.of(tf, targets_M));
      var weight_C = range.of(tf, weight_M);
      List<Operand<TFloat32>> inputs_C = new ArrayList<>();
      for (Operand<TFloat32> input : inputs_M) {
        inputs_C.add(range.of(tf, input));
      }
      var token = objective.apply(tf, logits.logp_C, inputs_C);
      // A token of weight 0 may hold anything, even infinity: it must not turn the sum into NaN.
      var counts_C = tf.math.notEqual(weight_C, tf.zerosLike(weight_C));
      var loss_C =
          tf.select(counts_C, tf.math.mul(weight_C, token.loss_C()), tf.zerosLike(weight_C));
      var slope_C =
          tf.select(counts_C, tf.math.mul(weight_C, token.slope_C()), tf.zerosLike(weight_C));
      loss = tf.math.add(loss, tf.reduceSum(loss_C, tf.constant(0)));
      var scale_C1 = tf.expandDims(tf.math.neg(tf.math.div(slope_C, temperature)), tf.constant(1));
      var dLogits_CV = tf.math.mul(logits.excess_CV, scale_C1);
      dHiddens.add(head_VD.backProduct(tf, dLogits_CV));
      var dHead = head_VD.outerProduct(tf, dLogits_CV, h_CD);
      dHead_VD = dHead_VD == null ? dHead : tf.math.add(dHead_VD, dHead);
      logps.add(logits.logp_C);
      entropies.add(logits.entropy_C);
      scope = tf.withControlDependencies(List.<Op>of(dHead_VD, dHiddens.get(dHiddens.size() - 1)));
    }
    return new Backward(
        loss, join(tf, dHiddens), dHead_VD, new Scores(join(tf, logps), join(tf, entropies)));
  }

  /** excess = softmax − onehot(target), the fused kernel's backward output. */
  private record Logits(
      Operand<TFloat32> logp_C, Operand<TFloat32> entropy_C, Operand<TFloat32> excess_CV) {}

  private Logits logits(Ops tf, Operand<TFloat32> h_CD, Operand<TInt32> targets_C) {
    var z_CV = tf.math.div(head_VD.product(tf, h_CD), temperature);
    var entropy = tf.nn.sparseSoftmaxCrossEntropyWithLogits(z_CV, targets_C);
    var logp_C = tf.math.neg(entropy.loss());
    var excess_CV = entropy.backprop();
    // H = ln Σe^z − Σ p z = −logp − Σ (p − onehot) z: no second softmax.
    var spread_C = tf.reduceSum(tf.math.mul(excess_CV, z_CV), tf.constant(1));
    return new Logits(logp_C, tf.math.sub(entropy.loss(), spread_C), excess_CV);
  }

  private record Range(int from, int size) {
    <T extends TType> Operand<T> of(Ops tf, Operand<T> x) {
      if (x.shape().get(0) == size) {
        return x;
      }
      int rank = x.shape().numDimensions();
      int[] begin = new int[rank];
      int[] sizes = new int[rank];
      begin[0] = from;
      sizes[0] = size;
      for (int i = 1; i < rank; i++) {
        sizes[i] = -1;
      }
      return tf.slice(x, tf.constant(begin), tf.constant(sizes));
    }
  }

  private List<Range> ranges(Operand<TFloat32> hidden_MD) {
    int positions = Math.toIntExact(hidden_MD.shape().get(0));
    List<Range> ranges = new ArrayList<>();
    for (int from = 0; from < positions; from += chunk) {
      ranges.add(new Range(from, Math.min(chunk, positions - from)));
    }
    return ranges;
  }

  private static Operand<TFloat32> join(Ops tf, List<Operand<TFloat32>> parts) {
    return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(0));
  }
}
