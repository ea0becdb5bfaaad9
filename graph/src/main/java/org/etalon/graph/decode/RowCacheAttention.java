package org.etalon.graph.decode;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.model.BatchProduct;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Dim;
import org.etalon.graph.model.FullAttention;
import org.etalon.graph.model.Tape;
import org.etalon.graph.model.XlaNodes;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Attention of one sequence's new position, in a function that XLA compiles for a CPU: the caches
 * are float32, because XLA converts whole caches of bfloat16 at each step, and hold values of the
 * products' type.
 */
public final class RowCacheAttention implements CachedAttend {
  private final List<Operand<TFloat32>> keys_KCH;
  private final List<Operand<TFloat32>> values_KCH;
  private final Class<? extends TFloating> type;
  private final Operand<TInt32> position_1;
  private final List<Operand<?>> newKeys = new ArrayList<>();
  private final List<Operand<?>> newValues = new ArrayList<>();

  /**
   * @param keys_KCH cache of each layer's rotated keys
   * @param values_KCH cache of each layer's values
   * @param type of products: what is multiplied and what comes of it is rounded to it
   * @param position_1 position that is written now, less than C
   */
  public RowCacheAttention(
      List<Operand<TFloat32>> keys_KCH,
      List<Operand<TFloat32>> values_KCH,
      Class<? extends TFloating> type,
      Operand<TInt32> position_1) {
    this.keys_KCH = List.copyOf(keys_KCH);
    this.values_KCH = List.copyOf(values_KCH);
    this.type = type;
    this.position_1 = position_1;
  }

  @Override
  public Operand<TFloat32> apply(
      Ops tf,
      Tape tape,
      int layer,
      Operand<TFloat32> q_1N1H,
      Operand<TFloat32> k_1K1H,
      Operand<TFloat32> v_1K1H) {
    var keys = written(tf, keys_KCH.get(layer), k_1K1H);
    var values = written(tf, values_KCH.get(layer), v_1K1H);
    newKeys.add(keys);
    newValues.add(values);
    Dim n = Dim.of(tf, q_1N1H, 1);
    Dim k = Dim.of(tf, keys, 0);
    Dim c = Dim.of(tf, keys, 1);
    Dim h = Dim.of(tf, keys, 2);
    Dim g = Dim.of(n.size() / k.size());
    Operand<TFloat32> q_KGH = rounded(tf, Dim.reshape(tf, q_1N1H, k, g, h));
    var scores_KGC = rounded(tf, BatchProduct.ofSecondTransposed(tf, q_KGH, keys));
    var index_C = tf.range(tf.constant(0), c.operand(tf), tf.constant(1));
    var bias_C = FullAttention.bias(tf, tf.math.lessEqual(index_C, position_1));
    var weights_KGC = rounded(tf, tf.nn.softmax(tf.math.add(scores_KGC, bias_C)));
    var out_KGH = rounded(tf, BatchProduct.of(tf, weights_KGC, values));
    return Dim.reshape(tf, out_KGH, Dim.of(1), n, Dim.of(1), h);
  }

  private Operand<TFloat32> written(
      Ops tf, Operand<TFloat32> cache_KCH, Operand<TFloat32> new_1K1H) {
    Dim k = Dim.of(tf, cache_KCH, 0);
    Dim h = Dim.of(tf, cache_KCH, 2);
    var zero_1 = tf.constant(new int[] {0});
    var start_3 = tf.concat(List.of(zero_1, position_1, zero_1), tf.constant(0));
    Operand<TFloat32> new_K1H = rounded(tf, Dim.reshape(tf, new_1K1H, k, Dim.of(1), h));
    return XlaNodes.updateSlice(tf, cache_KCH, new_K1H, start_3);
  }

  private Operand<TFloat32> rounded(Ops tf, Operand<TFloat32> x) {
    return Cast.float32(tf, Cast.to(tf, x, type));
  }

  @Override
  public List<Operand<?>> keys() {
    return List.copyOf(newKeys);
  }

  @Override
  public List<Operand<?>> values() {
    return List.copyOf(newValues);
  }
}
