package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.decode.CachedAttend;
import org.etalon.graph.decode.RowCacheAttention;
import org.etalon.graph.model.Cast;
import org.etalon.graph.model.Matrix;
import org.etalon.graph.model.Transformer;
import org.tensorflow.Operand;
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
  public List<Operand<? extends TFloating>> held(
      Ops tf, List<Operand<? extends TFloating>> caches) {
    ModelConfig c = program.config();
    var shape = tf.constant(new int[] {c.kvHeads(), positions, c.headDim()});
    List<Operand<? extends TFloating>> held = new ArrayList<>();
    caches.forEach(cache -> held.add(tf.reshape(Cast.float32(tf, cache), shape)));
    return held;
  }

  @Override
  public List<Operand<? extends TFloating>> stored(
      Ops tf, List<Operand<? extends TFloating>> caches) {
    var shape = tf.constant(new int[] {-1, program.config().headDim()});
    List<Operand<? extends TFloating>> stored = new ArrayList<>();
    for (var cache : caches) {
      stored.add(tf.reshape(Cast.to(tf, cache, program.productType()), shape));
    }
    return stored;
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
      List<Operand<? extends TFloating>> keys,
      List<Operand<? extends TFloating>> values,
      Operand<TInt32> position_S) {
    return new RowCacheAttention(exact(keys), exact(values), program.productType(), position_S);
  }

  @SuppressWarnings("unchecked") // held as float32
  private static List<Operand<TFloat32>> exact(List<Operand<? extends TFloating>> caches) {
    return caches.stream().map(cache -> (Operand<TFloat32>) cache).toList();
  }
}
