package org.etalon.graph.decode;

import java.util.List;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.BatchProduct;
import org.etalon.graph.model.Dim;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.Loop;
import org.etalon.graph.model.RowWrite;
import org.etalon.graph.model.Tape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Empty;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Causal attention over whole rows of one document whose number and length are known only when the
 * graph runs: a loop over blocks of queries, each of which sees all keys before it. The scores of
 * one block live at a time, so memory grows with T, not with T². Forward only.
 *
 * <p>Shapes within: n blocks of C positions in a row; r = G·C queries share a key/value head; X
 * keys.
 *
 * @param block queries in a block; a shorter row is one block
 * @param compiled whether XLA compiles it, for which every block sees all keys, masked
 */
record PromptAttention(int block, boolean compiled) implements Attend {
  /** Our choice: the block of attention in training. */
  private static final int BLOCK = 256;

  PromptAttention(boolean compiled) {
    this(BLOCK, compiled);
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
    int kvHeads = Math.toIntExact(k_BKTH.shape().get(1));
    int headDim = Math.toIntExact(q_BNTH.shape().get(3));
    int group = heads / kvHeads;
    var b = Dim.of(tf, q_BNTH, 0).operand(tf);
    var t = Dim.of(tf, q_BNTH, 2).operand(tf);
    var k = tf.constant(kvHeads);
    var g = tf.constant(group);
    var h = tf.constant(headDim);
    var c = tf.math.maximum(tf.math.minimum(t, tf.constant(block)), tf.constant(1));
    var n = tf.math.div(tf.math.sub(tf.math.add(t, c), tf.constant(1)), c);
    var padded = tf.math.mul(n, c);
    var q_BKGnCH =
        tf.reshape(padded(tf, q_BNTH, tf.math.sub(padded, t)), tf.stack(List.of(b, k, g, n, c, h)));
    var q_nBKGCH = tf.linalg.transpose(q_BKGnCH, tf.constant(new int[] {3, 0, 1, 2, 4, 5}));
    var q_nBKrH = tf.reshape(q_nBKGCH, tf.stack(List.of(n, b, k, tf.math.mul(g, c), h)));
    List<Operand<?>> state =
        List.of(tf.constant(0), empty(tf, q_nBKrH), q_nBKrH, k_BKTH, v_BKTH, n, c);
    List<? extends Operand<?>> end =
        Loop.of(tf, state, PromptAttention::goesOn, (ops, in) -> step(ops, in, group), compiled);
    @SuppressWarnings("unchecked") // the order of the loop's state
    var out_nBKrH = (Operand<TFloat32>) end.get(1);
    var out_nBKGCH = tf.reshape(out_nBKrH, tf.stack(List.of(n, b, k, g, c, h)));
    var out_BKGnCH = tf.linalg.transpose(out_nBKGCH, tf.constant(new int[] {1, 2, 3, 0, 4, 5}));
    return tf.slice(
        tf.reshape(out_BKGnCH, tf.stack(List.of(b, tf.constant(heads), padded, h))),
        tf.constant(new int[] {0, 0, 0, 0}),
        tf.stack(List.of(b, tf.constant(heads), t, h)));
  }

  private static Operand<TFloat32> padded(
      Ops tf, Operand<TFloat32> x_BNTH, Operand<TInt32> missing) {
    var zero = tf.constant(0);
    var none = tf.constant(new int[] {0, 0});
    var after = tf.stack(List.of(zero, missing));
    return tf.pad(x_BNTH, tf.stack(List.of(none, none, after, none)), tf.constant(0f));
  }

  /** Zeros of the same shape: a buffer of its own, which the loop writes in place. */
  private Operand<TFloat32> empty(Ops tf, Operand<TFloat32> x) {
    return compiled
        ? tf.zerosLike(x)
        : tf.ensureShape(tf.empty(tf.shape(x), TFloat32.class, Empty.init(true)), x.shape());
  }

  @SuppressWarnings("unchecked") // the order of the loop's state
  private static List<Operand<?>> goesOn(Ops tf, List<Operand<?>> state) {
    return List.of(tf.math.less((Operand<TInt32>) state.get(0), (Operand<TInt32>) state.get(5)));
  }

  @SuppressWarnings("unchecked") // the order of the loop's state
  private List<Operand<?>> step(Ops tf, List<Operand<?>> state, int group) {
    var index = (Operand<TInt32>) state.get(0);
    var c = (Operand<TInt32>) state.get(6);
    var start = tf.math.mul(index, c);
    var end = tf.math.add(start, c);
    var k_BKXH = upTo(tf, (Operand<TFloat32>) state.get(3), end);
    var v_BKXH = upTo(tf, (Operand<TFloat32>) state.get(4), end);
    Operand<TFloat32> q_BKrH = tf.gather((Operand<TFloat32>) state.get(2), index, tf.constant(0));
    var s_BKrX = BatchProduct.ofSecondTransposed(tf, q_BKrH, k_BKXH);
    var x = Dim.of(tf, k_BKXH, 2).operand(tf);
    var s_YGCX = tf.reshape(s_BKrX, tf.stack(List.of(tf.constant(-1), tf.constant(group), c, x)));
    var query_C1 = tf.expandDims(tf.math.add(start, range(tf, c)), tf.constant(1));
    var bias_CX = FullAttention.bias(tf, tf.math.lessEqual(range(tf, x), query_C1));
    var p_YGCX = tf.nn.softmax(tf.math.add(s_YGCX, bias_CX));
    var out_BKrH = BatchProduct.of(tf, tf.reshape(p_YGCX, tf.shape(s_BKrX)), v_BKXH);
    var written = RowWrite.of(compiled).one(tf, (Operand<TFloat32>) state.get(1), index, out_BKrH);
    return List.of(
        tf.math.add(index, tf.constant(1)),
        written,
        state.get(2),
        state.get(3),
        state.get(4),
        state.get(5),
        c);
  }

  /** The first keys or values; all of them where XLA must know how many. */
  private Operand<TFloat32> upTo(Ops tf, Operand<TFloat32> x_BKTH, Operand<TInt32> end) {
    if (compiled) {
      return x_BKTH;
    }
    var all = tf.constant(-1);
    var most = tf.math.minimum(end, Dim.of(tf, x_BKTH, 2).operand(tf));
    return tf.slice(
        x_BKTH, tf.constant(new int[] {0, 0, 0, 0}), tf.stack(List.of(all, all, most, all)));
  }

  private static Operand<TInt32> range(Ops tf, Operand<TInt32> size) {
    return tf.range(tf.constant(0), size, tf.constant(1));
  }
}
