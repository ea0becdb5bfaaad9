package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Causal attention of one block of queries at a time over the range of keys that it may see: from
 * the start of its first query's document to its last query. Memory grows with C·T, not with T²,
 * and what the causal mask or other documents hide is hardly computed. The number of keys changes
 * from block to block, so this is for kernels, not for XLA; {@link BlockAttention} is for that.
 *
 * <p>Shapes within: n blocks of C queries; r = G·C rows share a key/value head; R keys in range.
 *
 * @param segments_BT document number of each position, the same for neighbours of one document
 * @param block queries in a block (C)
 */
public record RangeAttention(Operand<TInt32> segments_BT, int block) implements Attend {
  /** How many operands of the loops' state come before queries, keys and values. */
  private static final int BEFORE = 3;

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

  /** The block's number, the first key of each block, and that of each query, padded. */
  private List<Operand<?>> start(Ops tf, BlockSizes s) {
    var before_BT = tf.roll(segments_BT, tf.constant(1), tf.constant(1));
    var index_T = tf.range(tf.constant(0), tf.constant(s.t()), tf.constant(1));
    // The first position begins a document, even if the last one has the same number.
    var begins_BT =
        tf.math.logicalOr(
            tf.math.notEqual(segments_BT, before_BT), tf.math.equal(index_T, tf.constant(0)));
    var one_BT = tf.dtypes.cast(begins_BT, TInt32.class);
    // Documents of all rows numbered from 1; each one's only beginning is its largest.
    var flat = tf.constant(new int[] {-1});
    var document_M = tf.math.cumsum(tf.reshape(one_BT, flat), tf.constant(0));
    var begin_M = tf.reshape(tf.math.mul(one_BT, index_T), flat);
    var documents = tf.constant(s.b() * s.t() + 1);
    var first_M =
        tf.gather(
            tf.math.unsortedSegmentMax(begin_M, document_M, documents), document_M, tf.constant(0));
    var first_BT = padded(tf, s, tf.reshape(first_M, tf.constant(new int[] {s.b(), s.t()})));
    var first_BnC = tf.reshape(first_BT, tf.constant(new int[] {s.b(), s.n(), s.c()}));
    var first_Bn = tf.min(first_BnC, tf.constant(2));
    return List.of(
        tf.constant(0), tf.min(first_Bn, tf.constant(0)), tf.dtypes.cast(first_BT, TFloat32.class));
  }

  /** Queries that are there only to fill the last block begin late, so that they widen no range. */
  private static Operand<TInt32> padded(Ops tf, BlockSizes s, Operand<TInt32> x_BT) {
    return s.padding() == 0
        ? x_BT
        : tf.pad(x_BT, tf.constant(new int[][] {{0, 0}, {0, s.padding()}}), tf.constant(s.t()));
  }

  /** One step: its block of queries and its range of keys. */
  private static final class Step {
    final BlockSizes s;
    final Operand<TInt32> number;
    final Operand<TInt32> from;
    final Operand<TInt32> keys;
    final Operand<TFloat32> first_BT;

    @SuppressWarnings("unchecked") // the order of start
    Step(Ops tf, BlockSizes s, List<Operand<?>> state) {
      this.s = s;
      number = (Operand<TInt32>) state.get(0);
      first_BT = (Operand<TFloat32>) state.get(2);
      from = tf.gather((Operand<TInt32>) state.get(1), number, tf.constant(0));
      var after = tf.math.mul(tf.math.add(number, tf.constant(1)), tf.constant(s.c()));
      keys = tf.math.sub(tf.math.minimum(after, tf.constant(s.t())), from);
    }

    Operand<TFloat32> inRange(Ops tf, Operand<TFloat32> x_BKTH) {
      var none = tf.constant(0);
      return tf.ensureShape(
          tf.slice(
              x_BKTH,
              tf.stack(List.of(none, none, from, none)),
              tf.stack(List.of(tf.constant(s.b()), tf.constant(s.k()), keys, tf.constant(s.h())))),
          Shape.of(s.b(), s.k(), -1, s.h()));
    }

    Operand<TFloat32> ofBlock(Ops tf, Operand<TFloat32> x_nBKrH) {
      return tf.gather(x_nBKrH, number, tf.constant(0));
    }

    /**
     * A query at q of a document that begins at f sees the keys within (q − f)/2 of (q + f)/2. Only
     * the keys before the last of the block's documents and those of the block itself are looked
     * at: every query sees what lies between.
     */
    Operand<TFloat32> bias(Ops tf) {
      var zero = tf.constant(0);
      var begin = tf.math.mul(number, tf.constant(s.c()));
      var first_BC =
          tf.slice(first_BT, tf.stack(List.of(zero, begin)), tf.constant(new int[] {s.b(), s.c()}));
      var last = tf.dtypes.cast(tf.max(first_BC, tf.constant(new int[] {0, 1})), TInt32.class);
      var open = tf.math.minimum(last, begin);
      var early = tf.math.sub(open, from);
      var own = tf.math.sub(tf.math.add(from, keys), begin);
      var query_C = floats(tf, tf.constant(s.c()), begin);
      var early_BCR = bias(tf, query_C, first_BC, floats(tf, early, from));
      var own_BCR = bias(tf, query_C, first_BC, floats(tf, own, begin));
      var sizes =
          tf.stack(List.of(tf.constant(s.b()), tf.constant(s.c()), tf.math.sub(begin, open)));
      var bias_BCR =
          tf.concat(List.of(early_BCR, tf.fill(sizes, tf.constant(0f)), own_BCR), tf.constant(2));
      return tf.expandDims(tf.expandDims(bias_BCR, tf.constant(1)), tf.constant(1));
    }

    private static Operand<TFloat32> bias(
        Ops tf, Operand<TFloat32> query_C, Operand<TFloat32> first_BC, Operand<TFloat32> key_R) {
      var half = tf.constant(0.5f);
      var column = tf.constant(2);
      var centre_BC1 = tf.expandDims(tf.math.mul(tf.math.add(query_C, first_BC), half), column);
      var reach_BC1 = tf.expandDims(tf.math.mul(tf.math.sub(query_C, first_BC), half), column);
      var beyond_BCR =
          tf.nn.relu(tf.math.sub(tf.math.abs(tf.math.sub(key_R, centre_BC1)), reach_BC1));
      return tf.math.mul(beyond_BCR, tf.constant(FullAttention.MASKED));
    }

    private static Operand<TFloat32> floats(Ops tf, Operand<TInt32> count, Operand<TInt32> from) {
      var index = tf.range(tf.constant(0), count, tf.constant(1));
      return tf.dtypes.cast(tf.math.add(index, from), TFloat32.class);
    }

    Operand<TFloat32> weights(Ops tf, Operand<TFloat32> q_BKrH, Operand<TFloat32> k_BKRH) {
      return Scores.weights(tf, q_BKrH, k_BKRH, bias(tf), s.g());
    }

    Operand<TFloat32> put(Ops tf, Operand<TFloat32> x_nBKrH, Operand<TFloat32> value_BKrH) {
      return RowWrite.IN_PLACE.apply(
          tf,
          x_nBKrH,
          tf.expandDims(number, tf.constant(0)),
          tf.expandDims(value_BKrH, tf.constant(0)));
    }

    /** Adds to the rows of the range. */
    Operand<TFloat32> plus(Ops tf, Operand<TFloat32> x_TBKH, Operand<TFloat32> value_BKRH) {
      var rows_R = tf.math.add(tf.range(tf.constant(0), keys, tf.constant(1)), from);
      var value_RBKH = tf.linalg.transpose(value_BKRH, tf.constant(new int[] {2, 0, 1, 3}));
      return RowWrite.IN_PLACE.add(tf, x_TBKH, rows_R, value_RBKH);
    }

    List<Operand<?>> next(Ops tf, List<Operand<?>> state) {
      return List.of(tf.math.add(number, tf.constant(1)), state.get(1), state.get(2));
    }
  }

  private static List<? extends Operand<?>> loop(
      Ops tf, BlockSizes s, List<Operand<?>> state, Loop.Body body) {
    return Loop.run(
        tf,
        state,
        (ops, in) -> List.of(ops.math.less(new Step(ops, s, in).number, ops.constant(s.n()))),
        body);
  }

  private Operand<TFloat32> forward(Ops tf, BlockSizes s, List<Operand<TFloat32>> qkv) {
    List<Operand<?>> state = new ArrayList<>(start(tf, s));
    state.add(blocks(tf, s, qkv.get(0)));
    state.add(qkv.get(1));
    state.add(qkv.get(2));
    state.add(RowWrite.IN_PLACE.zeros(tf, s.n(), s.b(), s.k(), s.r(), s.h()));
    var end = loop(tf, s, state, (ops, in) -> forwardStep(ops, new Step(ops, s, in), in));
    return rows(tf, s, Cast.floats(end.subList(BEFORE, end.size())).get(3));
  }

  private static List<Operand<?>> forwardStep(Ops tf, Step step, List<Operand<?>> state) {
    var in = Cast.floats(state.subList(BEFORE, state.size()));
    var q_BKrH = step.ofBlock(tf, in.get(0));
    var p_BKrR = step.weights(tf, q_BKrH, step.inRange(tf, in.get(1)));
    var out_BKrH = BatchProduct.of(tf, p_BKrR, step.inRange(tf, in.get(2)));
    List<Operand<?>> next = new ArrayList<>(step.next(tf, state));
    next.addAll(in.subList(0, 3));
    next.add(step.put(tf, in.get(3), out_BKrH));
    return next;
  }

  /** Gradients by q, k and v; P is computed again. */
  private List<Operand<?>> backward(
      Ops tf, BlockSizes s, List<Operand<TFloat32>> qkv, List<Operand<TFloat32>> outAndGradient) {
    List<Operand<?>> state = new ArrayList<>(start(tf, s));
    state.add(blocks(tf, s, qkv.get(0)));
    state.add(qkv.get(1));
    state.add(qkv.get(2));
    state.add(blocks(tf, s, outAndGradient.get(0)));
    state.add(blocks(tf, s, outAndGradient.get(1)));
    state.add(RowWrite.IN_PLACE.zeros(tf, s.n(), s.b(), s.k(), s.r(), s.h()));
    state.add(RowWrite.IN_PLACE.zeros(tf, s.t(), s.b(), s.k(), s.h()));
    state.add(RowWrite.IN_PLACE.zeros(tf, s.t(), s.b(), s.k(), s.h()));
    var end = loop(tf, s, state, (ops, in) -> backwardStep(ops, new Step(ops, s, in), in));
    var d = Cast.floats(end.subList(BEFORE + 5, end.size()));
    var headsFirst = tf.constant(new int[] {1, 2, 0, 3});
    return List.of(
        rows(tf, s, d.get(0)),
        tf.linalg.transpose(d.get(1), headsFirst),
        tf.linalg.transpose(d.get(2), headsFirst));
  }

  private static List<Operand<?>> backwardStep(Ops tf, Step step, List<Operand<?>> state) {
    var in = Cast.floats(state.subList(BEFORE, state.size()));
    var qkv =
        List.of(
            step.ofBlock(tf, in.get(0)), step.inRange(tf, in.get(1)), step.inRange(tf, in.get(2)));
    var p_BKrR = step.weights(tf, qkv.get(0), qkv.get(1));
    var d =
        Scores.gradients(tf, qkv, p_BKrR, step.ofBlock(tf, in.get(3)), step.ofBlock(tf, in.get(4)));
    List<Operand<?>> next = new ArrayList<>(step.next(tf, state));
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
