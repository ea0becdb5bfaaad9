package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.decode.CachedAttend;
import org.etalon.graph.decode.RowCacheAttention;
import org.etalon.graph.model.Bits;
import org.etalon.graph.model.Matrix;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Steps of one row, compiled as a whole: TensorFlow's kernels bring every matrix into another order
 * in every product, which costs one row twice what its products take. Queries, keys and values of a
 * layer are one product, of a matrix that is put together once for a run.
 *
 * @param positions of the row, C
 */
record RowStep(Program program, int positions) implements StepForm {
  @Override
  public int chunk() {
    return RowCacheAttention.CHUNK;
  }

  @Override
  public Lowering lowering() {
    return Lowering.XLA;
  }

  private Packing packing() {
    return program.isPacked()
        ? Packing.of(program.config())
        : Packing.ofAttention(program.config());
  }

  @Override
  public List<Operand<?>> weights(Ops tf, List<Operand<?>> weights) {
    if (program.isPacked()) {
      return weights;
    }
    Map<String, Operand<?>> byName = new HashMap<>();
    List<ParameterSpec> specs = program.config().parameters();
    for (int i = 0; i < specs.size(); i++) {
      byName.put(specs.get(i).name(), weights.get(i));
    }
    List<Operand<?>> packed = new ArrayList<>();
    for (List<ParameterSpec> group : packing().groups()) {
      List<Operand<?>> parts = new ArrayList<>();
      group.forEach(spec -> parts.add(byName.get(spec.name())));
      packed.add(Packing.stack(tf, parts));
    }
    return packed;
  }

  @Override
  public List<Operand<?>> held(Ops tf, List<Operand<?>> caches) {
    ModelConfig c = program.config();
    int chunk = RowCacheAttention.CHUNK;
    var keys = tf.constant(new int[] {c.kvHeads(), positions, c.headDim()});
    var values = tf.constant(new int[] {c.kvHeads(), positions / chunk, c.headDim(), chunk});
    List<Operand<?>> held = new ArrayList<>();
    for (Operand<?> cache : caches) {
      var shape = held.size() < c.layers() ? keys : values;
      held.add(tf.reshape(Bits.of(tf, cache), shape));
    }
    return held;
  }

  @Override
  public List<Operand<?>> stored(Ops tf, List<Operand<?>> caches) {
    var shape = tf.constant(new int[] {-1, program.config().headDim()});
    List<Operand<?>> stored = new ArrayList<>();
    caches.forEach(cache -> stored.add(tf.reshape(Bits.numbers(tf, cache), shape)));
    return stored;
  }

  @Override
  public <T extends TFloating> Operand<T> values(Ops tf, Operand<T> x_SKTH) {
    Shape shape = x_SKTH.shape();
    int heads = Math.toIntExact(shape.get(1));
    int chunk = RowCacheAttention.CHUNK;
    int chunks = Math.toIntExact(shape.get(2) / chunk);
    int size = Math.toIntExact(shape.get(3));
    var x_KcpH = tf.reshape(x_SKTH, tf.constant(new int[] {heads, chunks, chunk, size}));
    var x_KcHp = tf.linalg.transpose(x_KcpH, tf.constant(new int[] {0, 1, 3, 2}));
    return tf.reshape(x_KcHp, tf.constant(new int[] {-1, size}));
  }

  @Override
  public Transformer model(Ops tf, List<Operand<?>> weights, Operand<TInt32> atLeastOne) {
    Operand<TFloat32> one =
        tf.dtypes.cast(tf.math.minimum(atLeastOne, tf.constant(1)), TFloat32.class);
    return Transformer.of(
        tf,
        program.config(),
        new PackedParameters(packing(), weights, values -> Matrix.ofLanes(values, one)));
  }

  @Override
  public CachedAttend attend(
      List<Operand<?>> keys, List<Operand<?>> values, Operand<TInt32> position_S) {
    return new RowCacheAttention(keys, values, position_S);
  }
}
