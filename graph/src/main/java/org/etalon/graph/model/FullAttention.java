package org.etalon.graph.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Causal attention over whole rows, scores materialised: for short rows, and the form every other
 * one is checked against. Grouped heads share their key/value head without repeating it.
 *
 * @param bias_B11TT 0 where a query may look, a large negative number elsewhere
 */
public record FullAttention(Operand<TFloat32> bias_B11TT) implements Attend {
  static final float MASKED = -1e9f;

  /** Attention within documents that do not see each other, by their numbers. */
  public static FullAttention within(Ops tf, Operand<TInt32> segments_BT) {
    return within(tf, Documents.apart(segments_BT));
  }

  /** Attention within documents and their prefixes. */
  public static FullAttention within(Ops tf, Documents documents) {
    Dim time = Dim.of(tf, documents.segments_BT(), 1);
    Operand<TInt32> index_T = tf.range(tf.constant(0), time.operand(tf), tf.constant(1));
    return new FullAttention(bias(tf, index_T, documents, index_T, documents.segments_BT()));
  }

  /**
   * [B, 1, 1, C, R]: what C queries may see of R keys.
   *
   * @param query_C positions of the queries
   * @param query documents of the queries
   * @param key_R positions of the keys
   * @param segments_BR document numbers of the keys
   */
  static Operand<TFloat32> bias(
      Ops tf,
      Operand<TInt32> query_C,
      Documents query,
      Operand<TInt32> key_R,
      Operand<TInt32> segments_BR) {
    Operand<TBool> causal_1CR =
        tf.math.greaterEqual(
            tf.expandDims(tf.expandDims(query_C, tf.constant(1)), tf.constant(0)),
            tf.expandDims(tf.expandDims(key_R, tf.constant(0)), tf.constant(0)));
    var meet_BCR = Documents.meet(tf, query, segments_BR);
    var bias_BCR = bias(tf, tf.math.logicalAnd(causal_1CR, meet_BCR));
    return tf.expandDims(tf.expandDims(bias_BCR, tf.constant(1)), tf.constant(1));
  }

  /** 0 where {@code allowed}, a large negative number elsewhere. */
  public static Operand<TFloat32> bias(Ops tf, Operand<TBool> allowed) {
    Operand<TFloat32> open = tf.dtypes.cast(allowed, TFloat32.class);
    return tf.math.mul(tf.math.sub(tf.constant(1f), open), tf.constant(MASKED));
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_BNTH,
      Operand<TFloat32> k_BKTH,
      Operand<TFloat32> v_BKTH) {
    int heads = Math.toIntExact(q_BNTH.shape().get(1));
    int group = heads / Math.toIntExact(k_BKTH.shape().get(1));
    List<Operand<?>> outputs =
        tape.segment(
            tf,
            List.of(q_BNTH, k_BKTH, v_BKTH),
            (ops, in) -> forward(ops, Cast.floats(in), group),
            (ops, in, out, d) ->
                backward(ops, Cast.floats(in), Cast.floats(out), Cast.floats(d).get(0), group));
    return Cast.floats(outputs).get(0);
  }

  /** The result [B, N, T, H], and the weights [B, K, G·T, T]. */
  private List<Operand<?>> forward(Ops tf, List<Operand<TFloat32>> qkv, int group) {
    var p_BKrT = Scores.weights(tf, grouped(tf, qkv.get(0), group), qkv.get(1), bias_B11TT, group);
    return List.of(ungrouped(tf, BatchProduct.of(tf, p_BKrT, qkv.get(2)), group), p_BKrT);
  }

  private static List<Operand<?>> backward(
      Ops tf,
      List<Operand<TFloat32>> qkv,
      List<Operand<TFloat32>> out,
      Operand<TFloat32> dOut_BNTH,
      int group) {
    var d =
        Scores.gradients(
            tf,
            List.of(grouped(tf, qkv.get(0), group), qkv.get(1), qkv.get(2)),
            out.get(1),
            grouped(tf, out.get(0), group),
            grouped(tf, dOut_BNTH, group));
    return List.of(ungrouped(tf, d.get(0), group), d.get(1), d.get(2));
  }

  /** [B, K·G, T, H] as [B, K, G·T, H]. */
  static Operand<TFloat32> grouped(Ops tf, Operand<TFloat32> x_BNTH, int group) {
    Dim t = Dim.of(tf, x_BNTH, 2);
    int kvHeads = Math.toIntExact(x_BNTH.shape().get(1)) / group;
    return Dim.reshape(
        tf,
        x_BNTH,
        Dim.of(tf, x_BNTH, 0),
        Dim.of(kvHeads),
        t.times(tf, group),
        Dim.of(tf, x_BNTH, 3));
  }

  private static Operand<TFloat32> ungrouped(Ops tf, Operand<TFloat32> x_BKrH, int group) {
    Dim h = Dim.of(tf, x_BKrH, 3);
    int heads = Math.toIntExact(x_BKrH.shape().get(1)) * group;
    long rows = x_BKrH.shape().get(2);
    Dim b = Dim.of(tf, x_BKrH, 0);
    if (rows >= 0) {
      return Dim.reshape(tf, x_BKrH, b, Dim.of(heads), Dim.of((int) (rows / group)), h);
    }
    var positions = tf.math.div(Dim.of(tf, x_BKrH, 2).operand(tf), tf.constant(group));
    return Dim.reshape(tf, x_BKrH, b, Dim.of(heads), new Dim(-1, positions), h);
  }
}
