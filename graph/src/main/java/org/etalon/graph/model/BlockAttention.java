package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Max;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Causal attention over blocks of queries and keys with an online softmax, forward and backward:
 * the scores of one pair of blocks live at a time, so memory grows with T, not with T². Every shape
 * is known beforehand, as XLA asks; pairs that the causal mask closes altogether are left out.
 * Grouped heads share their key/value head without repeating it.
 *
 * <p>Source: Dao, FlashAttention-2 (arXiv 2307.08691), algorithms 1 and 2. For a pair: S = Q Kᵀ, m'
 * = max(m, rowmax S), P = exp(S − m'), l' = exp(m − m') l + ΣP, O' = exp(m − m') O + P V; at the
 * end O/l, and L = m + ln l is kept. Backward: P = exp(S − L), dV = Pᵀ dO, dS = P ∘ (dO Vᵀ − D)
 * with D = Σ dO ∘ O, dQ = dS K, dK = dSᵀ Q.
 *
 * <p>Shapes within: n blocks of C positions in a row; r = G·C queries share a key/value head.
 *
 * @param documents what the positions of a row belong to
 * @param block positions in a block; rows are padded to a multiple of it
 */
public record BlockAttention(Documents documents, int block) implements Attend {
  private static final RowWrite WRITE = RowWrite.SCATTER;

  /** Document number of padding: larger than any other, so that it widens no block's range. */
  private static final int PADDING = Integer.MAX_VALUE;

  private static final float NOTHING_YET = -1e30f;

  public BlockAttention {
    BlockSizes.check(block);
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_BNTH,
      Operand<TFloat32> k_BKTH,
      Operand<TFloat32> v_BKTH) {
    BlockSizes s = BlockSizes.of(q_BNTH, k_BKTH, block);
    List<Operand<?>> outputs =
        tape.segment(
            tf,
            List.of(q_BNTH, k_BKTH, v_BKTH),
            (ops, in) -> forward(ops, s, Cast.floats(in)),
            (ops, in, out, d) ->
                backward(ops, s, Cast.floats(in), Cast.floats(out), Cast.floats(d).get(0)));
    return Cast.floats(outputs).get(0);
  }

  private BlockPairs pairs(Ops tf, BlockSizes s) {
    var segments_nBC = numbers(tf, s, documents.segments_BT());
    var prefixes_nBC = documents.prefixes_BT().map(x -> numbers(tf, s, x)).orElse(segments_nBC);
    return BlockPairs.causal(tf, segments_nBC, prefixes_nBC);
  }

  /** [B, T] as [n, B, C], padded. */
  private static Operand<TInt32> numbers(Ops tf, BlockSizes s, Operand<TInt32> x_BT) {
    var padded_BT =
        tf.pad(x_BT, tf.constant(new int[][] {{0, 0}, {0, s.padding()}}), tf.constant(PADDING));
    var x_BnC = tf.reshape(padded_BT, tf.constant(new int[] {s.b(), s.n(), s.c()}));
    return tf.linalg.transpose(x_BnC, tf.constant(new int[] {1, 0, 2}));
  }

  /** The result [B, N, T, H], and L [n, B, K, r, 1]. */
  private List<Operand<?>> forward(Ops tf, BlockSizes s, List<Operand<TFloat32>> qkv) {
    List<Operand<?>> state = new ArrayList<>(pairs(tf, s).operands());
    state.add(blocks(tf, s, qkv.get(0)));
    state.add(blocks(tf, s, qkv.get(1)));
    state.add(blocks(tf, s, qkv.get(2)));
    state.add(WRITE.zeros(tf, s.b(), s.k(), s.r(), 1));
    state.add(WRITE.zeros(tf, s.b(), s.k(), s.r(), 1));
    state.add(WRITE.zeros(tf, s.b(), s.k(), s.r(), s.h()));
    state.add(WRITE.zeros(tf, s.n(), s.b(), s.k(), s.r(), s.h()));
    state.add(WRITE.zeros(tf, s.n(), s.b(), s.k(), s.r(), 1));
    List<? extends Operand<?>> end =
        Loop.compiled(
            tf,
            state,
            (ops, in) -> BlockPairs.of(in).goesOn(ops),
            (ops, in) -> forwardPair(ops, s, in));
    var out = floats(end);
    return List.of(rows(tf, s, s.g(), out.get(6)), out.get(7));
  }

  private List<Operand<?>> forwardPair(Ops tf, BlockSizes s, List<Operand<?>> state) {
    BlockPairs pair = BlockPairs.of(state);
    List<Operand<TFloat32>> in = floats(state);
    var q_BKrH = at(tf, in.get(0), pair.query(tf));
    var k_BKCH = at(tf, in.get(1), pair.key(tf));
    var v_BKCH = at(tf, in.get(2), pair.key(tf));
    var s_BKrC = scores(tf, s, pair, q_BKrH, k_BKCH);
    // A new query block forgets what the one before has left.
    var max_BKr1 = tf.select(pair.isFirst(tf), tf.constant(NOTHING_YET), in.get(3));
    var newMax_BKr1 =
        tf.math.maximum(max_BKr1, tf.max(s_BKrC, tf.constant(-1), Max.keepDims(true)));
    var keep_BKr1 = tf.math.exp(tf.math.sub(max_BKr1, newMax_BKr1));
    var p_BKrC = tf.math.exp(tf.math.sub(s_BKrC, newMax_BKr1));
    var sum_BKr1 =
        tf.math.add(
            tf.math.mul(keep_BKr1, in.get(4)),
            tf.reduceSum(p_BKrC, tf.constant(-1), ReduceSum.keepDims(true)));
    var out_BKrH =
        tf.math.add(tf.math.mul(keep_BKr1, in.get(5)), BatchProduct.of(tf, p_BKrC, v_BKCH));
    var logSum_BKr1 = tf.math.add(newMax_BKr1, tf.math.log(sum_BKr1));
    List<Operand<?>> next = new ArrayList<>(pair.next(tf));
    next.addAll(in.subList(0, 3));
    next.add(newMax_BKr1);
    next.add(sum_BKr1);
    next.add(out_BKrH);
    next.add(put(tf, in.get(6), pair.query(tf), tf.math.div(out_BKrH, sum_BKr1)));
    next.add(put(tf, in.get(7), pair.query(tf), logSum_BKr1));
    return next;
  }

  /** Gradients by q, k and v. */
  private List<Operand<?>> backward(
      Ops tf,
      BlockSizes s,
      List<Operand<TFloat32>> qkv,
      List<Operand<TFloat32>> out,
      Operand<TFloat32> dOut_BNTH) {
    var share_BNT1 =
        tf.reduceSum(tf.math.mul(dOut_BNTH, out.get(0)), tf.constant(-1), ReduceSum.keepDims(true));
    List<Operand<?>> state = new ArrayList<>(pairs(tf, s).operands());
    state.add(blocks(tf, s, qkv.get(0)));
    state.add(blocks(tf, s, qkv.get(1)));
    state.add(blocks(tf, s, qkv.get(2)));
    state.add(blocks(tf, s, dOut_BNTH));
    state.add(blocks(tf, s, share_BNT1));
    state.add(out.get(1));
    state.add(WRITE.zeros(tf, s.n(), s.b(), s.k(), s.r(), s.h()));
    state.add(WRITE.zeros(tf, s.n(), s.b(), s.k(), s.c(), s.h()));
    state.add(WRITE.zeros(tf, s.n(), s.b(), s.k(), s.c(), s.h()));
    List<? extends Operand<?>> end =
        Loop.compiled(
            tf,
            state,
            (ops, in) -> BlockPairs.of(in).goesOn(ops),
            (ops, in) -> backwardPair(ops, s, in));
    var d = floats(end);
    return List.of(
        rows(tf, s, s.g(), d.get(6)), rows(tf, s, 1, d.get(7)), rows(tf, s, 1, d.get(8)));
  }

  private List<Operand<?>> backwardPair(Ops tf, BlockSizes s, List<Operand<?>> state) {
    BlockPairs pair = BlockPairs.of(state);
    List<Operand<TFloat32>> in = floats(state);
    var q_BKrH = at(tf, in.get(0), pair.query(tf));
    var k_BKCH = at(tf, in.get(1), pair.key(tf));
    var v_BKCH = at(tf, in.get(2), pair.key(tf));
    var dOut_BKrH = at(tf, in.get(3), pair.query(tf));
    var share_BKr1 = at(tf, in.get(4), pair.query(tf));
    var logSum_BKr1 = at(tf, in.get(5), pair.query(tf));
    var p_BKrC = tf.math.exp(tf.math.sub(scores(tf, s, pair, q_BKrH, k_BKCH), logSum_BKr1));
    var dP_BKrC = BatchProduct.ofSecondTransposed(tf, dOut_BKrH, v_BKCH);
    var dS_BKrC = tf.math.mul(p_BKrC, tf.math.sub(dP_BKrC, share_BKr1));
    var dQ_BKrH = BatchProduct.of(tf, dS_BKrC, k_BKCH);
    var dK_BKCH = BatchProduct.ofFirstTransposed(tf, dS_BKrC, q_BKrH);
    var dV_BKCH = BatchProduct.ofFirstTransposed(tf, p_BKrC, dOut_BKrH);
    List<Operand<?>> next = new ArrayList<>(pair.next(tf));
    next.addAll(in.subList(0, 6));
    next.add(plus(tf, in.get(6), pair.query(tf), dQ_BKrH));
    next.add(plus(tf, in.get(7), pair.key(tf), dK_BKCH));
    next.add(plus(tf, in.get(8), pair.key(tf), dV_BKCH));
    return next;
  }

  private static Operand<TFloat32> scores(
      Ops tf, BlockSizes s, BlockPairs pair, Operand<TFloat32> q_BKrH, Operand<TFloat32> k_BKCH) {
    var s_BKrC = BatchProduct.ofSecondTransposed(tf, q_BKrH, k_BKCH);
    var s_BKGCC = tf.reshape(s_BKrC, tf.constant(new int[] {s.b(), s.k(), s.g(), s.c(), s.c()}));
    return tf.reshape(
        tf.math.add(s_BKGCC, pair.bias(tf)), tf.constant(new int[] {s.b(), s.k(), s.r(), s.c()}));
  }

  /** [B, K·g, T, h] as [n, B, K, g·C, h], padded with zeros. */
  private static Operand<TFloat32> blocks(Ops tf, BlockSizes s, Operand<TFloat32> x_BNTH) {
    int heads = Math.toIntExact(x_BNTH.shape().get(1)) / s.k();
    int h = Math.toIntExact(x_BNTH.shape().get(3));
    var padded =
        tf.pad(
            x_BNTH,
            tf.constant(new int[][] {{0, 0}, {0, 0}, {0, s.padding()}, {0, 0}}),
            tf.constant(0f));
    var x_BKgnCh =
        tf.reshape(padded, tf.constant(new int[] {s.b(), s.k(), heads, s.n(), s.c(), h}));
    var x_nBKgCh = tf.linalg.transpose(x_BKgnCh, tf.constant(new int[] {3, 0, 1, 2, 4, 5}));
    return tf.reshape(x_nBKgCh, tf.constant(new int[] {s.n(), s.b(), s.k(), heads * s.c(), h}));
  }

  /** The inverse of {@link #blocks} for {@code g} heads a key/value head. */
  private static Operand<TFloat32> rows(Ops tf, BlockSizes s, int g, Operand<TFloat32> x_nBKrH) {
    var x_nBKgCH =
        tf.reshape(x_nBKrH, tf.constant(new int[] {s.n(), s.b(), s.k(), g, s.c(), s.h()}));
    var x_BKgnCH = tf.linalg.transpose(x_nBKgCH, tf.constant(new int[] {1, 2, 3, 0, 4, 5}));
    var padded =
        tf.reshape(x_BKgnCH, tf.constant(new int[] {s.b(), s.k() * g, s.n() * s.c(), s.h()}));
    return tf.slice(
        padded,
        tf.constant(new int[] {0, 0, 0, 0}),
        tf.constant(new int[] {s.b(), s.k() * g, s.t(), s.h()}));
  }

  private static Operand<TFloat32> at(Ops tf, Operand<TFloat32> blocks, Operand<TInt32> index) {
    return tf.gather(blocks, index, tf.constant(0));
  }

  private static Operand<TFloat32> put(
      Ops tf, Operand<TFloat32> blocks, Operand<TInt32> index, Operand<TFloat32> value) {
    return WRITE.one(tf, blocks, index, value);
  }

  private static Operand<TFloat32> plus(
      Ops tf, Operand<TFloat32> blocks, Operand<TInt32> index, Operand<TFloat32> value) {
    return WRITE.add(
        tf, blocks, tf.expandDims(index, tf.constant(0)), tf.expandDims(value, tf.constant(0)));
  }

  /** What follows the pairs in the state. */
  private static List<Operand<TFloat32>> floats(List<? extends Operand<?>> state) {
    return Cast.floats(state.subList(BlockPairs.SIZE, state.size()));
  }
}
