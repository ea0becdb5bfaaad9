package org.etalon.graph.decode;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.BatchProduct;
import org.etalon.graph.model.Dim;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.RowWrite;
import org.etalon.graph.model.Tape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Attention of one new position per slot over a key/value cache: writes the new keys and values,
 * then looks at every position up to its own.
 */
public final class CacheAttention implements Attend {
  private final RowWrite write;
  private final List<Operand<TFloat32>> keys_RH;
  private final List<Operand<TFloat32>> values_RH;
  private final Dim capacity;
  private final Operand<TInt32> position_S;
  private final List<Operand<TFloat32>> newKeys = new ArrayList<>();
  private final List<Operand<TFloat32>> newValues = new ArrayList<>();

  /**
   * @param keys_RH cache of each layer's rotated keys
   * @param values_RH cache of each layer's values
   * @param capacity positions per slot (C)
   * @param position_S position that each slot writes now, less than {@code capacity}
   */
  public CacheAttention(
      RowWrite write,
      List<Operand<TFloat32>> keys_RH,
      List<Operand<TFloat32>> values_RH,
      Dim capacity,
      Operand<TInt32> position_S) {
    this.write = write;
    this.keys_RH = keys_RH;
    this.values_RH = values_RH;
    this.capacity = capacity;
    this.position_S = position_S;
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_SN1H,
      Operand<TFloat32> k_SK1H,
      Operand<TFloat32> v_SK1H) {
    Dim s = Dim.of(tf, q_SN1H, 0);
    int heads = Math.toIntExact(q_SN1H.shape().get(1));
    int kvHeads = Math.toIntExact(k_SK1H.shape().get(1));
    Dim k = Dim.of(kvHeads);
    Dim g = Dim.of(heads / kvHeads);
    Dim h = Dim.of(tf, q_SN1H, 3);
    var rows = rows(tf, s, kvHeads);
    Dim sk = s.times(tf, kvHeads);
    var keys = write.apply(tf, keys_RH.get(layer), rows, Dim.reshape(tf, k_SK1H, sk, h));
    var values = write.apply(tf, values_RH.get(layer), rows, Dim.reshape(tf, v_SK1H, sk, h));
    newKeys.add(keys);
    newValues.add(values);
    var q_SKGH = Dim.reshape(tf, q_SN1H, s, k, g, h);
    var k_SKCH = Dim.reshape(tf, keys, s, k, capacity, h);
    var v_SKCH = Dim.reshape(tf, values, s, k, capacity, h);
    var scores_SKGC = tf.math.add(BatchProduct.ofSecondTransposed(tf, q_SKGH, k_SKCH), bias(tf));
    var out_SKGH = BatchProduct.of(tf, tf.nn.softmax(scores_SKGC), v_SKCH);
    return Dim.reshape(tf, out_SKGH, s, Dim.of(heads), Dim.of(1), h);
  }

  /** Each layer's keys after this position, [R, H]. */
  public List<Operand<TFloat32>> keys() {
    return List.copyOf(newKeys);
  }

  /** Each layer's values after this position, [R, H]. */
  public List<Operand<TFloat32>> values() {
    return List.copyOf(newValues);
  }

  /** Cache rows of each slot's new position, in (slot, head) order. */
  private Operand<TInt32> rows(Ops tf, Dim s, int kvHeads) {
    var heads_SK = tf.range(tf.constant(0), s.times(tf, kvHeads).operand(tf), tf.constant(1));
    var start_SK = tf.math.mul(heads_SK, capacity.operand(tf));
    var position_S1 = tf.expandDims(position_S, tf.constant(1));
    var position_SK = tf.tile(position_S1, tf.constant(new int[] {1, kvHeads}));
    return tf.math.add(start_SK, tf.reshape(position_SK, tf.constant(new int[] {-1})));
  }

  /** [S, 1, 1, C]: 0 up to the slot's position, a large negative number after it. */
  private Operand<TFloat32> bias(Ops tf) {
    var index_C = tf.range(tf.constant(0), capacity.operand(tf), tf.constant(1));
    var position_S111 = tf.reshape(position_S, tf.constant(new int[] {-1, 1, 1, 1}));
    return FullAttention.bias(tf, tf.math.lessEqual(index_C, position_S111));
  }
}
