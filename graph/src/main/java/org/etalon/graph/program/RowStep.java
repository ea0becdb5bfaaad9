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
import org.etalon.graph.model.Parameters;
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
  private static final char[] LETTERS = {'q', 'k', 'v'};

  @Override
  public Lowering lowering() {
    return Lowering.XLA;
  }

  /** Operands for the loop: those of the parameters, q, k and v as one, the exact embedding. */
  @Override
  public List<Operand<?>> weights(Ops tf, List<Operand<?>> weights) {
    List<ParameterSpec> specs = program.config().parameters();
    Map<String, Operand<?>> byName = new HashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      byName.put(specs.get(i).name(), weights.get(i));
    }
    List<Operand<?>> loop = new ArrayList<>();
    for (String name : operands()) {
      loop.add(
          isPart(name, 'q')
              ? joined(
                  tf, byName.get(name), byName.get(other(name, 'k')), byName.get(other(name, 'v')))
              : byName.get(name));
    }
    loop.addAll(weights.subList(specs.size(), weights.size()));
    return loop;
  }

  @SuppressWarnings("unchecked") // the matrices of a model are floating and of one type
  private static Operand<?> joined(Ops tf, Operand<?> q_OI, Operand<?> k_OI, Operand<?> v_OI) {
    return tf.concat(
        List.of((Operand<TFloating>) q_OI, (Operand<TFloating>) k_OI, (Operand<TFloating>) v_OI),
        tf.constant(0));
  }

  /** The parameters that have an operand of their own, or of which one begins with them. */
  private List<String> operands() {
    return program.config().parameters().stream()
        .map(ParameterSpec::name)
        .filter(name -> !isPart(name, 'k') && !isPart(name, 'v'))
        .toList();
  }

  private static boolean isPart(String name, char letter) {
    return name.endsWith("." + letter + "_proj.weight");
  }

  /** The same layer's projection of another letter. */
  private static String other(String name, char letter) {
    return name.substring(0, name.length() - "q_proj.weight".length()) + letter + "_proj.weight";
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
        tf, program.config(), new Loaded(program.config(), one, operands(), weights));
  }

  /**
   * The parameters among the loop's operands.
   *
   * @param names of the first operands; an exact embedding may follow
   */
  private record Loaded(
      ModelConfig config, Operand<TFloat32> one, List<String> names, List<Operand<?>> operands)
      implements Parameters {
    @Override
    @SuppressWarnings("unchecked") // norms and biases are float32
    public Operand<TFloat32> vector(String name) {
      return (Operand<TFloat32>) operands.get(names.indexOf(name));
    }

    @Override
    public Matrix matrix(String name) {
      for (int i = 0; i < LETTERS.length; i++) {
        if (isPart(name, LETTERS[i])) {
          return part(name, i);
        }
      }
      Operand<?> whole = operands.get(names.indexOf(name));
      return Matrix.ofLanes(whole, one, 0, Math.toIntExact(whole.shape().get(0)));
    }

    /** Queries, keys or values among the outputs of all three. */
    private Matrix part(String name, int letter) {
      int heads = config.headDim() * config.heads();
      int kvHeads = config.headDim() * config.kvHeads();
      Operand<?> whole = operands.get(names.indexOf(other(name, 'q')));
      return letter == 0
          ? Matrix.ofLanes(whole, one, 0, heads)
          : Matrix.ofLanes(whole, one, heads + (letter - 1) * kvHeads, kvHeads);
    }

    @Override
    public Matrix embedding(String name) {
      return operands.size() > names.size()
          ? Matrix.ofRoundedRows(operands.get(names.size()))
          : Matrix.of(operands.get(names.indexOf(name)));
    }
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
