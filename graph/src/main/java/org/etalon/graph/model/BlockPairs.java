package org.etalon.graph.model;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The pairs of a query block and a key block that attention visits, sorted by query block, then key
 * block, as the first operands of a loop's state.
 *
 * @param step scalar, the pair that is visited now
 * @param query_P query block of each pair
 * @param key_P key block of each pair
 * @param segments_nBC document numbers by block
 * @param prefixes_nBC numbers of the documents seen before the own one, by block
 */
record BlockPairs(
    Operand<TInt32> step,
    Operand<TInt32> query_P,
    Operand<TInt32> key_P,
    Operand<TInt32> segments_nBC,
    Operand<TInt32> prefixes_nBC) {
  /** How many operands of the state these are. */
  static final int SIZE = 5;

  /** Every pair that the causal mask leaves: their number does not depend on the segments. */
  static BlockPairs causal(Ops tf, Operand<TInt32> segments_nBC, Operand<TInt32> prefixes_nBC) {
    int n = Math.toIntExact(segments_nBC.shape().get(0));
    int[] query = new int[n * (n + 1) / 2];
    int[] key = new int[query.length];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        query[at] = i;
        key[at++] = j;
      }
    }
    return new BlockPairs(
        tf.constant(0), tf.constant(query), tf.constant(key), segments_nBC, prefixes_nBC);
  }

  @SuppressWarnings("unchecked") // the operands below, in their order
  static BlockPairs of(List<Operand<?>> state) {
    return new BlockPairs(
        (Operand<TInt32>) state.get(0),
        (Operand<TInt32>) state.get(1),
        (Operand<TInt32>) state.get(2),
        (Operand<TInt32>) state.get(3),
        (Operand<TInt32>) state.get(4));
  }

  List<Operand<?>> operands() {
    return List.of(step, query_P, key_P, segments_nBC, prefixes_nBC);
  }

  /** Whether a pair is left. */
  List<Operand<?>> goesOn(Ops tf) {
    return List.of(tf.math.less(step, tf.size(query_P)));
  }

  /** The same, one pair on. */
  List<Operand<?>> next(Ops tf) {
    return List.of(tf.math.add(step, tf.constant(1)), query_P, key_P, segments_nBC, prefixes_nBC);
  }

  /** The query block visited now. */
  Operand<TInt32> query(Ops tf) {
    return tf.gather(query_P, step, tf.constant(0));
  }

  /** The key block visited now. */
  Operand<TInt32> key(Ops tf) {
    return tf.gather(key_P, step, tf.constant(0));
  }

  /** Whether this pair is the first of its query block. */
  Operand<TBool> isFirst(Ops tf) {
    var before = tf.math.maximum(tf.math.sub(step, tf.constant(1)), tf.constant(0));
    return tf.math.logicalOr(
        tf.math.equal(step, tf.constant(0)),
        tf.math.notEqual(tf.gather(query_P, before, tf.constant(0)), query(tf)));
  }

  /** [B, 1, 1, C, C]: 0 where a query may look, a large negative number elsewhere. */
  Operand<TFloat32> bias(Ops tf) {
    int c = Math.toIntExact(segments_nBC.shape().get(2));
    var index_C = tf.range(tf.constant(0), tf.constant(c), tf.constant(1));
    var query_C = tf.math.add(index_C, tf.math.mul(query(tf), tf.constant(c)));
    var key_C = tf.math.add(index_C, tf.math.mul(key(tf), tf.constant(c)));
    var documents =
        new Documents(
            tf.gather(segments_nBC, query(tf), tf.constant(0)),
            Optional.of(tf.gather(prefixes_nBC, query(tf), tf.constant(0))));
    return FullAttention.bias(
        tf, query_C, documents, key_C, tf.gather(segments_nBC, key(tf), tf.constant(0)));
  }
}
