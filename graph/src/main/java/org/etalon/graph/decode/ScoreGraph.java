package org.etalon.graph.decode;

import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Dim;
import org.etalon.graph.model.Loop;
import org.etalon.graph.model.Matrix;
import org.etalon.graph.model.RowWrite;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Empty;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Log-probabilities of given tokens as one graph with open batch and time, for serving. The head
 * runs over chunks of positions in a While loop, so that the logits of one chunk live at a time.
 *
 * @param config the model
 * @param chunk positions per chunk
 * @param compiled whether the nodes go into a function that XLA compiles
 */
public record ScoreGraph(ModelConfig config, int chunk, boolean compiled) {
  /** Our choice: 128 positions of Qwen2's 151,936 tokens are 78 MB of logits. */
  public static final int CHUNK = 128;

  public ScoreGraph {
    if (chunk < 1) {
      throw new IllegalArgumentException("a chunk must hold at least 1 position, got " + chunk);
    }
  }

  /** Nodes for TensorFlow's executor. */
  public ScoreGraph(ModelConfig config, int chunk) {
    this(config, chunk, false);
  }

  /**
   * ln p of every token after the first.
   *
   * @param weights by Hugging Face name
   * @param ids_BT token ids, padded on the right by any valid id
   * @param length_B tokens of each row
   * @return [B, T−1]; 0 beyond a row's length
   */
  public Operand<TFloat32> apply(
      Ops tf,
      Map<String, ? extends Operand<?>> weights,
      Operand<TInt32> ids_BT,
      Operand<TInt32> length_B) {
    Transformer model = Transformer.of(tf, config, weights::get);
    Dim b = Dim.of(tf, ids_BT, 0);
    Dim t = Dim.of(tf, ids_BT, 1);
    Operand<TInt32> one = tf.constant(1);
    var position_T = tf.range(tf.constant(0), t.operand(tf), one);
    var position_BT = tf.math.add(tf.zerosLike(ids_BT), position_T);
    var attend = new PromptAttention(compiled);
    var h_BTD = model.apply(tf, ids_BT, position_BT, attend);
    var next_BT = tf.roll(ids_BT, tf.constant(-1), one);
    var h_MD = Cast.float32(tf, tf.reshape(h_BTD, tf.constant(new int[] {-1, config.hidden()})));
    var next_M = tf.reshape(next_BT, tf.constant(new int[] {-1}));
    var logp_M = chunked(tf, model.head_VD(), h_MD, next_M);
    Operand<TFloat32> logp_BT = Dim.reshape(tf, logp_M, b, t);
    var after_T = tf.math.add(position_T, one);
    var length_B1 = tf.reshape(length_B, tf.stack(List.of(b.operand(tf), one)));
    var inside_BT = tf.math.less(after_T, length_B1);
    var masked_BT = tf.select(inside_BT, logp_BT, tf.zerosLike(logp_BT));
    var before = tf.math.maximum(tf.math.sub(t.operand(tf), one), tf.constant(0));
    return tf.slice(
        masked_BT, tf.constant(new int[] {0, 0}), tf.stack(List.of(b.operand(tf), before)));
  }

  /** Pads M to whole chunks, scores one chunk per step, and takes the padding off again. */
  private Operand<TFloat32> chunked(
      Ops tf, Matrix head_VD, Operand<TFloat32> h_MD, Operand<TInt32> target_M) {
    Operand<TInt32> positions = Dim.of(tf, target_M, 0).operand(tf);
    var missing = tf.math.floorMod(tf.math.neg(positions), tf.constant(chunk));
    var chunks = tf.math.div(tf.math.add(positions, missing), tf.constant(chunk));
    var h_XCD = tf.reshape(paddedStates(tf, h_MD, missing), shape(tf, chunk, config.hidden()));
    var target_XC = tf.reshape(paddedIds(tf, target_M, missing), shape(tf, chunk));
    var shape_XC = tf.stack(List.of(chunks, tf.constant(chunk)));
    List<Operand<?>> state =
        List.of(tf.constant(0), zeros(tf, shape_XC), chunks, h_XCD, target_XC, head_VD.values_OI());
    var end = Loop.of(tf, state, ScoreGraph::goesOn, this::step, compiled);
    @SuppressWarnings("unchecked") // the order of the loop's state
    Operand<TFloat32> all_XC = (Operand<TFloat32>) end.get(1);
    return tf.slice(
        tf.reshape(all_XC, tf.constant(new int[] {-1})),
        tf.constant(new int[] {0}),
        tf.expandDims(positions, tf.constant(0)));
  }

  private Operand<TFloat32> zeros(Ops tf, Operand<TInt32> shape) {
    return compiled
        ? tf.fill(shape, tf.constant(0f))
        : tf.empty(shape, TFloat32.class, Empty.init(true));
  }

  private static Operand<TInt32> shape(Ops tf, int... rest) {
    int[] all = new int[rest.length + 1];
    all[0] = -1;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return tf.constant(all);
  }

  private static Operand<TFloat32> paddedStates(
      Ops tf, Operand<TFloat32> h_MD, Operand<TInt32> missing) {
    var none = tf.constant(new int[] {0, 0});
    var after = tf.stack(List.of(tf.constant(0), missing));
    return tf.pad(h_MD, tf.stack(List.of(after, none)), tf.constant(0f));
  }

  private static Operand<TInt32> paddedIds(Ops tf, Operand<TInt32> ids_M, Operand<TInt32> missing) {
    var after = tf.stack(List.of(tf.constant(0), missing));
    return tf.pad(ids_M, tf.expandDims(after, tf.constant(0)), tf.constant(0));
  }

  @SuppressWarnings("unchecked") // the order of the loop's state
  private static List<Operand<?>> goesOn(Ops tf, List<Operand<?>> state) {
    return List.of(tf.math.less((Operand<TInt32>) state.get(0), (Operand<TInt32>) state.get(2)));
  }

  @SuppressWarnings("unchecked") // the order of the loop's state
  private List<Operand<?>> step(Ops tf, List<Operand<?>> state) {
    var index = (Operand<TInt32>) state.get(0);
    var h_CD = tf.gather((Operand<TFloat32>) state.get(3), index, tf.constant(0));
    var target_C = tf.gather((Operand<TInt32>) state.get(4), index, tf.constant(0));
    var logits_CV = Cast.float32(tf, Matrix.of(state.get(5)).product(tf, h_CD));
    var logp_C = tf.math.neg(tf.nn.sparseSoftmaxCrossEntropyWithLogits(logits_CV, target_C).loss());
    var filled_XC = RowWrite.of(compiled).one(tf, (Operand<TFloat32>) state.get(1), index, logp_C);
    return List.of(
        tf.math.add(index, tf.constant(1)),
        filled_XC,
        state.get(2),
        state.get(3),
        state.get(4),
        state.get(5));
  }
}
