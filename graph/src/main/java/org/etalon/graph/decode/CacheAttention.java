package org.etalon.graph.decode;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.model.BatchProduct;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Dim;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.RowWrite;
import org.etalon.graph.model.Tape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Attention of one new position per slot over a key/value cache: writes the new keys and values,
 * then looks at every position up to its own. Products are of the caches' type, weights float32.
 */
public final class CacheAttention implements CachedAttend {
  private final RowWrite write;
  private final List<? extends Operand<? extends TFloating>> keys_RH;
  private final List<? extends Operand<? extends TFloating>> values_RH;
  private final Dim capacity;
  private final Operand<TInt32> position_S;
  private final List<Operand<?>> newKeys = new ArrayList<>();
  private final List<Operand<?>> newValues = new ArrayList<>();

  /**
   * @param keys_RH cache of each layer's rotated keys, float32 or bfloat16
   * @param values_RH cache of each layer's values
   * @param capacity positions per slot (C)
   * @param position_S position that each slot writes now, less than {@code capacity}
   */
  public CacheAttention(
      RowWrite write,
      List<? extends Operand<? extends TFloating>> keys_RH,
      List<? extends Operand<? extends TFloating>> values_RH,
      Dim capacity,
      Operand<TInt32> position_S) {
    this.write = write;
    this.keys_RH = keys_RH;
    this.values_RH = values_RH;
    this.capacity = capacity;
    this.position_S = position_S;
  }

  @Override
  public Operand<? extends TFloating> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_SN1H,
      Operand<TFloat32> k_SK1H,
      Operand<TFloat32> v_SK1H) {
    return attend(tf, keys_RH.get(layer), values_RH.get(layer), q_SN1H, k_SK1H, v_SK1H);
  }

  private <T extends TFloating> Operand<T> attend(
      Ops tf,
      Operand<T> keyCache_RH,
      Operand<? extends TFloating> valueCache_RH,
      Operand<TFloat32> q_SN1H,
      Operand<TFloat32> k_SK1H,
      Operand<TFloat32> v_SK1H) {
    Class<T> type = keyCache_RH.type();
    Dim s = Dim.of(tf, q_SN1H, 0);
    int heads = Math.toIntExact(q_SN1H.shape().get(1));
    int kvHeads = Math.toIntExact(k_SK1H.shape().get(1));
    Dim k = Dim.of(kvHeads);
    Dim g = Dim.of(heads / kvHeads);
    Dim h = Dim.of(tf, q_SN1H, 3);
    Dim sk = s.times(tf, kvHeads);
    var rows = rows(tf, s, kvHeads);
    var newKey = Cast.to(tf, Dim.reshape(tf, k_SK1H, sk, h), type);
    var newValue = Dim.reshape(tf, Cast.narrow(tf, v_SK1H, type), sk, h);
    var keys = write.apply(tf, keyCache_RH, rows, newKey);
    var values = write.apply(tf, Cast.to(tf, valueCache_RH, type), rows, newValue);
    newKeys.add(keys);
    newValues.add(values);
    var q_SKGH = Cast.to(tf, Dim.reshape(tf, q_SN1H, s, k, g, h), type);
    var k_SKCH = Dim.reshape(tf, keys, s, k, capacity, h);
    var v_SKCH = Dim.reshape(tf, values, s, k, capacity, h);
    var scores_SKGC = Cast.float32(tf, BatchProduct.ofSecondTransposed(tf, q_SKGH, k_SKCH));
    var weights_SKGC = tf.nn.softmax(tf.math.add(scores_SKGC, bias(tf)));
    var out_SKGH = BatchProduct.of(tf, Cast.to(tf, weights_SKGC, type), v_SKCH);
    return Dim.reshape(tf, out_SKGH, s, Dim.of(heads), Dim.of(1), h);
  }

  /** Each layer's keys after this position, [R, H]. */
  @Override
  public List<Operand<?>> keys() {
    return List.copyOf(newKeys);
  }

  /** Each layer's values after this position, [R, H]. */
  @Override
  public List<Operand<?>> values() {
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
