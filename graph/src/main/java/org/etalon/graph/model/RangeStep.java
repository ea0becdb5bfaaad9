package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * One step of {@link RangeAttention}: a block of C queries, and the R keys that any of them may
 * see. Those are what lies from the first key of its documents to its last query, and before that
 * the range in which the prefixes of its documents lie.
 */
final class RangeStep {
  /** How many operands of the loop's state a step is read from; they come first. */
  static final int SIZE = 3;

  private final BlockSizes s;
  private final Operand<TInt32> number;
  private final Operand<TInt32> from;
  private final Operand<TInt32> keys;
  private final Operand<TFloat32> spans_xBT;
  private final boolean prefixes;
  private final Operand<TInt32> prefixFrom;
  private final Operand<TInt32> prefixKeys;
  private final List<Operand<?>> state;

  @SuppressWarnings("unchecked") // the order of start
  RangeStep(Ops tf, BlockSizes s, List<Operand<?>> state) {
    this.s = s;
    this.state = state.subList(0, SIZE);
    number = (Operand<TInt32>) state.get(0);
    spans_xBT = (Operand<TFloat32>) state.get(2);
    prefixes = spans_xBT.shape().get(0) > 1;
    from = bound(tf, 0);
    var after = tf.math.mul(tf.math.add(number, tf.constant(1)), tf.constant(s.c()));
    keys = tf.math.sub(tf.math.minimum(after, tf.constant(s.t())), from);
    prefixFrom = prefixes ? bound(tf, 1) : tf.constant(0);
    prefixKeys = prefixes ? tf.math.sub(bound(tf, 2), prefixFrom) : tf.constant(0);
  }

  @SuppressWarnings("unchecked") // the order of start
  private Operand<TInt32> bound(Ops tf, int which) {
    var bounds_xn = (Operand<TInt32>) state.get(1);
    return tf.gatherNd(bounds_xn, tf.stack(List.of(tf.constant(which), number)));
  }

  /**
   * The state of the first step: its number; for each block where its keys and its prefixes begin,
   * and where those end; for each query where its document and its prefix begin, and the latter's
   * last position, padded.
   */
  static List<Operand<?>> start(Ops tf, BlockSizes s, Documents documents) {
    return documents.prefixes_BT().isPresent()
        ? startWithPrefixes(tf, s, documents.segments_BT(), documents.prefixes_BT().get())
        : startApart(tf, s, documents.segments_BT());
  }

  private static List<Operand<?>> startApart(Ops tf, BlockSizes s, Operand<TInt32> segments_BT) {
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
    var first_BT = padded(tf, s, tf.reshape(first_M, tf.constant(new int[] {s.b(), s.t()})), s.t());
    return state(tf, List.of(least(tf, byBlock(tf, s, first_BT))), List.of(first_BT));
  }

  private static List<Operand<?>> startWithPrefixes(
      Ops tf, BlockSizes s, Operand<TInt32> segments_BT, Operand<TInt32> prefixes_BT) {
    // Numbers of documents are from 0 to T, so those of all rows differ with T + 1 a row.
    var row_B = tf.range(tf.constant(0), tf.constant(s.b()), tf.constant(1));
    var base_B1 = tf.expandDims(tf.math.mul(row_B, tf.constant(s.t() + 1)), tf.constant(1));
    var own_BT = tf.math.add(segments_BT, base_B1);
    var prefix_BT = tf.math.add(prefixes_BT, base_B1);
    var index_T = tf.range(tf.constant(0), tf.constant(s.t()), tf.constant(1));
    var index_BT = tf.math.add(tf.zerosLike(segments_BT), index_T);
    var documents = tf.constant(s.b() * (s.t() + 1));
    var begin_D = tf.math.unsortedSegmentMin(index_BT, own_BT, documents);
    var last_D = tf.math.unsortedSegmentMax(index_BT, own_BT, documents);
    var shared_BT = tf.math.notEqual(segments_BT, prefixes_BT);
    // No prefix: an interval that is empty.
    var prefixBegin_BT =
        tf.select(shared_BT, tf.gather(begin_D, prefix_BT, tf.constant(0)), tf.zerosLike(own_BT));
    var prefixLast_BT =
        tf.select(
            shared_BT,
            tf.gather(last_D, prefix_BT, tf.constant(0)),
            tf.math.sub(tf.zerosLike(own_BT), tf.constant(1)));
    var first_BT = padded(tf, s, tf.gather(begin_D, own_BT, tf.constant(0)), s.t());
    var spans =
        List.of(first_BT, padded(tf, s, prefixBegin_BT, 0), padded(tf, s, prefixLast_BT, -1));
    return state(tf, bounds(tf, s, spans), spans);
  }

  /** For each block where its keys and its prefixes begin, and where those end. */
  private static List<Operand<TInt32>> bounds(
      Ops tf, BlockSizes s, List<Operand<TInt32>> spans_BT) {
    var from_n = least(tf, byBlock(tf, s, spans_BT.get(0)));
    var from_1n1 = tf.reshape(from_n, tf.constant(new int[] {1, s.n(), 1}));
    var begin_BnC = byBlock(tf, s, spans_BT.get(1));
    var end_BnC = tf.math.add(byBlock(tf, s, spans_BT.get(2)), tf.constant(1));
    Operand<TBool> before_BnC =
        tf.math.logicalAnd(tf.math.less(begin_BnC, end_BnC), tf.math.less(begin_BnC, from_1n1));
    var none_BnC = tf.zerosLike(begin_BnC);
    // What of a prefix lies within the range of keys is there already.
    var until_BnC = tf.select(before_BnC, tf.math.minimum(end_BnC, from_1n1), none_BnC);
    var until_n = tf.max(until_BnC, tf.constant(new int[] {0, 2}));
    var since_BnC = tf.select(before_BnC, begin_BnC, tf.math.add(none_BnC, tf.constant(s.t())));
    return List.of(from_n, tf.math.minimum(least(tf, since_BnC), until_n), until_n);
  }

  private static List<Operand<?>> state(
      Ops tf, List<Operand<TInt32>> bounds_n, List<Operand<TInt32>> spans_BT) {
    return List.of(
        tf.constant(0),
        tf.stack(bounds_n, Stack.axis(0L)),
        tf.dtypes.cast(tf.stack(spans_BT, Stack.axis(0L)), TFloat32.class));
  }

  private static Operand<TInt32> byBlock(Ops tf, BlockSizes s, Operand<TInt32> x_BT) {
    return tf.reshape(x_BT, tf.constant(new int[] {s.b(), s.n(), s.c()}));
  }

  private static Operand<TInt32> least(Ops tf, Operand<TInt32> x_BnC) {
    return tf.min(x_BnC, tf.constant(new int[] {0, 2}));
  }

  /** Queries that are there only to fill the last block begin late, so that they widen no range. */
  private static Operand<TInt32> padded(Ops tf, BlockSizes s, Operand<TInt32> x_BT, int with) {
    return s.padding() == 0
        ? x_BT
        : tf.pad(x_BT, tf.constant(new int[][] {{0, 0}, {0, s.padding()}}), tf.constant(with));
  }

  /** Whether there is a block left for this step. */
  List<Operand<?>> goesOn(Ops tf) {
    return List.of(tf.math.less(number, tf.constant(s.n())));
  }

  /** The keys or values that the block may see, [B, K, R, H]. */
  Operand<TFloat32> inRange(Ops tf, Operand<TFloat32> x_BKTH) {
    var own = slice(tf, x_BKTH, from, keys);
    var all =
        prefixes
            ? tf.concat(List.of(slice(tf, x_BKTH, prefixFrom, prefixKeys), own), tf.constant(2))
            : own;
    return tf.ensureShape(all, Shape.of(s.b(), s.k(), -1, s.h()));
  }

  private Operand<TFloat32> slice(
      Ops tf, Operand<TFloat32> x_BKTH, Operand<TInt32> begin, Operand<TInt32> count) {
    var none = tf.constant(0);
    return tf.slice(
        x_BKTH,
        tf.stack(List.of(none, none, begin, none)),
        tf.stack(List.of(tf.constant(s.b()), tf.constant(s.k()), count, tf.constant(s.h()))));
  }

  Operand<TFloat32> ofBlock(Ops tf, Operand<TFloat32> x_nBKrH) {
    return tf.gather(x_nBKrH, number, tf.constant(0));
  }

  /** P of the block over its keys, [B, K, r, R]. */
  Operand<TFloat32> weights(Ops tf, Operand<TFloat32> q_BKrH, Operand<TFloat32> k_BKRH) {
    return Scores.weights(tf, q_BKrH, k_BKRH, bias(tf), s.g());
  }

  /**
   * [B, 1, 1, C, R]. Only the keys before the last of the block's documents, those of the block
   * itself and those of prefixes are looked at: every query sees what lies between.
   */
  private Operand<TFloat32> bias(Ops tf) {
    var begin = tf.math.mul(number, tf.constant(s.c()));
    var first_BC = span(tf, 0, begin);
    var last = tf.dtypes.cast(tf.max(first_BC, tf.constant(new int[] {0, 1})), TInt32.class);
    var open = tf.math.minimum(last, begin);
    var early = tf.math.sub(open, from);
    var own = tf.math.sub(tf.math.add(from, keys), begin);
    var sizes = tf.stack(List.of(tf.constant(s.b()), tf.constant(s.c()), tf.math.sub(begin, open)));
    List<Operand<TFloat32>> parts = new ArrayList<>();
    if (prefixes) {
      parts.add(bias(tf, begin, floats(tf, prefixKeys, prefixFrom)));
    }
    parts.add(bias(tf, begin, floats(tf, early, from)));
    parts.add(tf.fill(sizes, tf.constant(0f)));
    parts.add(bias(tf, begin, floats(tf, own, begin)));
    var bias_BCR = tf.concat(parts, tf.constant(2));
    return tf.expandDims(tf.expandDims(bias_BCR, tf.constant(1)), tf.constant(1));
  }

  /** A query at q sees its document from f to q, and its prefix from a to e. */
  private Operand<TFloat32> bias(Ops tf, Operand<TInt32> begin, Operand<TFloat32> key_R) {
    var query_C = floats(tf, tf.constant(s.c()), begin);
    var beyond_BCR = beyond(tf, span(tf, 0, begin), query_C, key_R);
    if (prefixes) {
      beyond_BCR =
          tf.math.minimum(beyond_BCR, beyond(tf, span(tf, 1, begin), span(tf, 2, begin), key_R));
    }
    return tf.math.mul(beyond_BCR, tf.constant(FullAttention.MASKED));
  }

  /** How far each key lies outside an interval: beyond (last − first)/2 of its centre. */
  private static Operand<TFloat32> beyond(
      Ops tf, Operand<TFloat32> first_BC, Operand<TFloat32> last, Operand<TFloat32> key_R) {
    var half = tf.constant(0.5f);
    var column = tf.constant(2);
    var centre_BC1 = tf.expandDims(tf.math.mul(tf.math.add(last, first_BC), half), column);
    var reach_BC1 = tf.expandDims(tf.math.mul(tf.math.sub(last, first_BC), half), column);
    return tf.nn.relu(tf.math.sub(tf.math.abs(tf.math.sub(key_R, centre_BC1)), reach_BC1));
  }

  /** [B, C]: one of the three ends that the state holds of each query. */
  private Operand<TFloat32> span(Ops tf, int which, Operand<TInt32> begin) {
    var part =
        tf.slice(
            spans_xBT,
            tf.stack(List.of(tf.constant(which), tf.constant(0), begin)),
            tf.constant(new int[] {1, s.b(), s.c()}));
    return tf.reshape(part, tf.constant(new int[] {s.b(), s.c()}));
  }

  private static Operand<TFloat32> floats(Ops tf, Operand<TInt32> count, Operand<TInt32> from) {
    return tf.dtypes.cast(range(tf, count, from), TFloat32.class);
  }

  private static Operand<TInt32> range(Ops tf, Operand<TInt32> count, Operand<TInt32> from) {
    return tf.math.add(tf.range(tf.constant(0), count, tf.constant(1)), from);
  }

  Operand<TFloat32> put(Ops tf, Operand<TFloat32> x_nBKrH, Operand<TFloat32> value_BKrH) {
    return RowWrite.IN_PLACE.one(tf, x_nBKrH, number, value_BKrH);
  }

  /** Adds to the rows of the keys. */
  Operand<TFloat32> plus(Ops tf, Operand<TFloat32> x_TBKH, Operand<TFloat32> value_BKRH) {
    var own = range(tf, keys, from);
    var rows_R =
        prefixes ? tf.concat(List.of(range(tf, prefixKeys, prefixFrom), own), tf.constant(0)) : own;
    var value_RBKH = tf.linalg.transpose(value_BKRH, tf.constant(new int[] {2, 0, 1, 3}));
    return RowWrite.IN_PLACE.add(tf, x_TBKH, rows_R, value_RBKH);
  }

  List<Operand<?>> next(Ops tf) {
    return List.of(tf.math.add(number, tf.constant(1)), state.get(1), state.get(2));
  }
}
