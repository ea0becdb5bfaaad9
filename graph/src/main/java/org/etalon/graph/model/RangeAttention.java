package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Causal attention of one block of queries at a time over the keys that it may see: from the start
 * of its first query's document to its last query, and before them the prefixes of its documents.
 * Memory grows with C·T, not with T², and what the causal mask or other documents hide is hardly
 * computed. The number of keys changes from block to block, so this is for kernels, not for XLA;
 * {@link BlockAttention} is for that.
 *
 * <p>Shapes within: n blocks of C queries; r = G·C rows share a key/value head; R keys in range.
 *
 * @param documents what the positions of a row belong to; each lies in one piece
 * @param block queries in a block (C)
 */
public record RangeAttention(Documents documents, int block) implements Attend {
  public RangeAttention {
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
            (ops, in) -> List.of(forward(ops, s, Cast.floats(in))),
            (ops, in, out, d) ->
                backward(ops, s, Cast.floats(in), Cast.floats(List.of(out.get(0), d.get(0)))));
    return Cast.floats(outputs).get(0);
  }

  private static List<? extends Operand<?>> loop(
      Ops tf, BlockSizes s, List<Operand<?>> state, Loop.Body body) {
    return Loop.run(tf, state, (ops, in) -> new RangeStep(ops, s, in).goesOn(ops), body);
  }

  private Operand<TFloat32> forward(Ops tf, BlockSizes s, List<Operand<TFloat32>> qkv) {
    // Zeros need nothing, so the executor would hold those of every layer from the start.
    Ops later = tf.withControlDependencies(List.<Op>of(qkv.get(0)));
    List<Operand<?>> state = new ArrayList<>(RangeStep.start(later, s, documents));
    state.add(blocks(tf, s, qkv.get(0)));
    state.add(qkv.get(1));
    state.add(qkv.get(2));
    state.add(RowWrite.IN_PLACE.zeros(later, s.n(), s.b(), s.k(), s.r(), s.h()));
    var end = loop(tf, s, state, (ops, in) -> forwardStep(ops, new RangeStep(ops, s, in), in));
    return rows(tf, s, Cast.floats(end.subList(RangeStep.SIZE, end.size())).get(3));
  }

  private static List<Operand<?>> forwardStep(Ops tf, RangeStep step, List<Operand<?>> state) {
    var in = Cast.floats(state.subList(RangeStep.SIZE, state.size()));
    var q_BKrH = step.ofBlock(tf, in.get(0));
    var p_BKrR = step.weights(tf, q_BKrH, step.inRange(tf, in.get(1)));
    var out_BKrH = BatchProduct.of(tf, p_BKrR, step.inRange(tf, in.get(2)));
    List<Operand<?>> next = new ArrayList<>(step.next(tf));
    next.addAll(in.subList(0, 3));
    next.add(step.put(tf, in.get(3), out_BKrH));
    return next;
  }

  /** Gradients by q, k and v; P is computed again. */
  private List<Operand<?>> backward(
      Ops tf, BlockSizes s, List<Operand<TFloat32>> qkv, List<Operand<TFloat32>> outAndGradient) {
    // What needs no gradient would be there in every layer before the first gradient comes.
    Ops later = tf.withControlDependencies(List.<Op>of(outAndGradient.get(1)));
    List<Operand<?>> state = new ArrayList<>(RangeStep.start(later, s, documents));
    state.add(blocks(later, s, qkv.get(0)));
    state.add(qkv.get(1));
    state.add(qkv.get(2));
    state.add(blocks(later, s, outAndGradient.get(0)));
    state.add(blocks(tf, s, outAndGradient.get(1)));
    state.add(RowWrite.IN_PLACE.zeros(later, s.n(), s.b(), s.k(), s.r(), s.h()));
    state.add(RowWrite.IN_PLACE.zeros(later, s.t(), s.b(), s.k(), s.h()));
    state.add(RowWrite.IN_PLACE.zeros(later, s.t(), s.b(), s.k(), s.h()));
    var end = loop(tf, s, state, (ops, in) -> backwardStep(ops, new RangeStep(ops, s, in), in));
    var d = Cast.floats(end.subList(RangeStep.SIZE + 5, end.size()));
    var headsFirst = tf.constant(new int[] {1, 2, 0, 3});
    return List.of(
        rows(tf, s, d.get(0)),
        tf.linalg.transpose(d.get(1), headsFirst),
        tf.linalg.transpose(d.get(2), headsFirst));
  }

  private static List<Operand<?>> backwardStep(Ops tf, RangeStep step, List<Operand<?>> state) {
    var in = Cast.floats(state.subList(RangeStep.SIZE, state.size()));
    var qkv =
        List.of(
            step.ofBlock(tf, in.get(0)), step.inRange(tf, in.get(1)), step.inRange(tf, in.get(2)));
    var p_BKrR = step.weights(tf, qkv.get(0), qkv.get(1));
    var d =
        Scores.gradients(tf, qkv, p_BKrR, step.ofBlock(tf, in.get(3)), step.ofBlock(tf, in.get(4)));
    List<Operand<?>> next = new ArrayList<>(step.next(tf));
    next.addAll(in.subList(0, 5));
    next.add(step.put(tf, in.get(5), d.get(0)));
    next.add(step.plus(tf, in.get(6), d.get(1)));
    next.add(step.plus(tf, in.get(7), d.get(2)));
    return next;
  }

  /** [B, K·G, T, H] as [n, B, K, G·C, H], padded with zeros. */
  private static Operand<TFloat32> blocks(Ops tf, BlockSizes s, Operand<TFloat32> x_BNTH) {
    var padded =
        s.padding() == 0
            ? x_BNTH
            : tf.pad(
                x_BNTH,
                tf.constant(new int[][] {{0, 0}, {0, 0}, {0, s.padding()}, {0, 0}}),
                tf.constant(0f));
    var x_BNnCH =
        tf.reshape(padded, tf.constant(new int[] {s.b(), s.k() * s.g(), s.n(), s.c(), s.h()}));
    var x_nBNCH = tf.linalg.transpose(x_BNnCH, tf.constant(new int[] {2, 0, 1, 3, 4}));
    return tf.reshape(x_nBNCH, tf.constant(new int[] {s.n(), s.b(), s.k(), s.r(), s.h()}));
  }

  /** The inverse of {@link #blocks}. */
  private static Operand<TFloat32> rows(Ops tf, BlockSizes s, Operand<TFloat32> x_nBKrH) {
    var x_nBNCH =
        tf.reshape(x_nBKrH, tf.constant(new int[] {s.n(), s.b(), s.k() * s.g(), s.c(), s.h()}));
    var x_BNnCH = tf.linalg.transpose(x_nBNCH, tf.constant(new int[] {1, 2, 0, 3, 4}));
    var padded =
        tf.reshape(x_BNnCH, tf.constant(new int[] {s.b(), s.k() * s.g(), s.n() * s.c(), s.h()}));
    return s.padding() == 0
        ? padded
        : tf.slice(
            padded,
            tf.constant(new int[] {0, 0, 0, 0}),
            tf.constant(new int[] {s.b(), s.k() * s.g(), s.t(), s.h()}));
  }
}
