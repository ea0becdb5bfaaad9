package org.etalon.graph.model;

import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * Which positions of packed rows belong together. A position sees earlier ones of its own document,
 * and where documents share a prefix, such as responses their prompt, all of that prefix.
 *
 * @param segments_BT document number of each position; padding has a number of its own
 * @param prefixes_BT number of the document that each position sees before its own, its own number
 *     where there is none; it lies before it in the row. Both numbers are then from 0 to T, and no
 *     two documents of a row share one. Absent: no document has a prefix
 */
public record Documents(Operand<TInt32> segments_BT, Optional<Operand<TInt32>> prefixes_BT) {

  /** Documents that do not see each other. */
  public static Documents apart(Operand<TInt32> segments_BT) {
    return new Documents(segments_BT, Optional.empty());
  }

  /** T, positions in a row. */
  public long length() {
    return segments_BT.shape().get(1);
  }

  /**
   * [B, C, R]: whether C queries may see R keys, as far as documents are concerned.
   *
   * @param query documents of the queries
   * @param segments_BR document numbers of the keys
   */
  static Operand<TBool> meet(Ops tf, Documents query, Operand<TInt32> segments_BR) {
    var key_B1R = tf.expandDims(segments_BR, tf.constant(1));
    Operand<TBool> own_BCR =
        tf.math.equal(tf.expandDims(query.segments_BT, tf.constant(2)), key_B1R);
    if (query.prefixes_BT.isEmpty()) {
      return own_BCR;
    }
    var prefix_BC1 = tf.expandDims(query.prefixes_BT.get(), tf.constant(2));
    return tf.math.logicalOr(own_BCR, tf.math.equal(prefix_BC1, key_B1R));
  }
}
