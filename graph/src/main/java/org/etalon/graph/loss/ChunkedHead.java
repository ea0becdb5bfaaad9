package org.etalon.graph.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Fusion;
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
 * @param fusion compiles what lies between products, if it is there
 */
public record ChunkedHead(
    Matrix head_VD, Operand<TFloat32> temperature, int chunk, Optional<Fusion> fusion) {
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
      Operand<TFloat32> loss, Operand<?> dHidden_MD, Operand<TFloat32> dHead_VD, Scores scores) {}

  /** Log-probabilities and entropies of {@code targets_M}, no gradient. */
  public Scores score(Ops tf, Operand<?> hidden_MD, Operand<TInt32> targets_M) {
    List<Operand<TFloat32>> logps = new ArrayList<>();
    List<Operand<TFloat32>> entropies = new ArrayList<>();
    Ops scope = tf;
    for (Range range : ranges(hidden_MD)) {
      TokenLogits logits = logits(scope, range.of(tf, hidden_MD), range.of(tf, targets_M));
      logps.add(logits.logp_C());
      entropies.add(logits.entropy_C());
      scope = tf.withControlDependencies(List.<Op>of(logits.entropy_C()));
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
      Operand<?> hidden_MD,
      Operand<TInt32> targets_M,
      Operand<TFloat32> weight_M,
      TokenObjective objective,
      List<Operand<TFloat32>> inputs_M) {
    List<Operand<TFloat32>> logps = new ArrayList<>();
    List<Operand<TFloat32>> entropies = new ArrayList<>();
    List<Operand<?>> dHiddens = new ArrayList<>();
    Operand<TFloat32> loss = tf.constant(0f);
    Operand<TFloat32> dHead_VD = null;
    Ops scope = tf;
    for (Range range : ranges(hidden_MD)) {
      Operand<?> h_CD = range.of(tf, hidden_MD);
      TokenLogits logits = logits(scope, h_CD, range.of(tf, targets_M));
      var weight_C = range.of(tf, weight_M);
      List<Operand<TFloat32>> inputs_C = new ArrayList<>();
      for (Operand<TFloat32> input : inputs_M) {
        inputs_C.add(range.of(tf, input));
      }
      var token = objective.apply(tf, logits.logp_C(), inputs_C);
      // A token of weight 0 may hold anything, even infinity: it must not turn the sum into NaN.
      var counts_C = tf.math.notEqual(weight_C, tf.zerosLike(weight_C));
      var loss_C =
          tf.select(counts_C, tf.math.mul(weight_C, token.loss_C()), tf.zerosLike(weight_C));
      var slope_C =
          tf.select(counts_C, tf.math.mul(weight_C, token.slope_C()), tf.zerosLike(weight_C));
      loss = tf.math.add(loss, tf.reduceSum(loss_C, tf.constant(0)));
      var dLogits_CV = logits.gradient(tf, slope_C);
      dHiddens.add(head_VD.backProduct(tf, dLogits_CV));
      dHead_VD = sum(tf, dHead_VD, head_VD.outerProduct(tf, dLogits_CV, h_CD));
      logps.add(logits.logp_C());
      entropies.add(logits.entropy_C());
      scope = tf.withControlDependencies(List.<Op>of(dHead_VD, dHiddens.get(dHiddens.size() - 1)));
    }
    return new Backward(
        loss, join(tf, dHiddens), dHead_VD, new Scores(join(tf, logps), join(tf, entropies)));
  }

  private TokenLogits logits(Ops tf, Operand<?> h_CD, Operand<TInt32> targets_C) {
    return TokenLogits.of(tf, fusion, head_VD.product(tf, h_CD), targets_C, temperature);
  }

  /** Adds up in float32. */
  private Operand<TFloat32> sum(Ops tf, Operand<TFloat32> before, Operand<?> more) {
    if (before == null) {
      return Cast.float32(tf, more);
    }
    if (fusion.isEmpty()) {
      return tf.math.add(before, Cast.float32(tf, more));
    }
    return Cast.float32(
        tf,
        fusion
            .get()
            .call(
                tf,
                "head_sum",
                List.of(before, more),
                (ops, in) ->
                    List.of(
                        ops.math.add(Cast.float32(ops, in.get(0)), Cast.float32(ops, in.get(1)))))
            .get(0));
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

  private List<Range> ranges(Operand<?> hidden_MD) {
    int positions = Math.toIntExact(hidden_MD.shape().get(0));
    List<Range> ranges = new ArrayList<>();
    for (int from = 0; from < positions; from += chunk) {
      ranges.add(new Range(from, Math.min(chunk, positions - from)));
    }
    return ranges;
  }

  @SuppressWarnings("unchecked") // parts of one tensor
  private static <T extends TType> Operand<T> join(Ops tf, List<? extends Operand<?>> parts) {
    return parts.size() == 1
        ? (Operand<T>) parts.get(0)
        : tf.concat((List<Operand<T>>) parts, tf.constant(0));
  }
}
