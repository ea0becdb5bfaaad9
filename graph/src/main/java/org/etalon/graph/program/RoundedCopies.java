package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.WeightType;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/**
 * bfloat16 copies of a program's float32 matrices, which products read: they are rounded once after
 * the weights have changed, not in every product.
 */
final class RoundedCopies {
  private final Variables weights;
  private final Packing packing;
  private final Variables copies;
  private final List<Op> round = new ArrayList<>();
  private boolean outdated;

  RoundedCopies(Ops tf, ModelConfig config, Variables weights) {
    this.weights = weights;
    this.packing = Packing.of(config);
    List<List<ParameterSpec>> rounded =
        packing.groups().stream().filter(group -> isRounded(group.get(0))).toList();
    this.copies =
        new Variables(
            tf, "rounded", rounded.stream().map(Packing::stacked).toList(), WeightType.BFLOAT16);
    for (List<ParameterSpec> group : rounded) {
      List<Operand<TBfloat16>> parts = new ArrayList<>();
      for (ParameterSpec spec : group) {
        parts.add(tf.dtypes.cast(exact(tf, spec), TBfloat16.class));
      }
      round.add(tf.assignVariableOp(copy(group).handle(), Packing.stack(tf, parts)));
    }
  }

  private Variables.Variable copy(List<ParameterSpec> group) {
    return copies.variable(group.get(0).name());
  }

  private Operand<TFloat32> exact(Ops tf, ParameterSpec spec) {
    return tf.readVariableOp(weights.variable(spec.name()).handle(), TFloat32.class);
  }

  private static boolean isRounded(ParameterSpec spec) {
    return WeightType.BFLOAT16.of(spec) == TBfloat16.class;
  }

  /** The weights have changed. */
  void outdate() {
    outdated = true;
  }

  /** Rounds again if the weights have changed. */
  void update(Session session) {
    if (outdated) {
      Session.Runner runner = session.runner();
      round.forEach(runner::addTarget);
      runner.run().close();
      outdated = false;
    }
  }

  /** An operand for each parameter in the model's order, and behind them the exact embedding. */
  List<Operand<?>> reads(Ops tf) {
    Map<String, Operand<?>> byName = new HashMap<>();
    List<Operand<?>> packed = packedReads(tf);
    for (int i = 0; i < packing.groups().size(); i++) {
      int from = 0;
      for (ParameterSpec spec : packing.groups().get(i)) {
        byName.put(spec.name(), part(tf, packed.get(i), from, spec));
        from += Packing.outputs(spec);
      }
    }
    List<Operand<?>> reads = new ArrayList<>();
    weights.all().forEach(weight -> reads.add(byName.get(weight.spec().name())));
    reads.add(packed.get(packing.groups().size()));
    return reads;
  }

  /** Some rows of a stacked matrix, which TensorFlow does not copy. */
  @SuppressWarnings("unchecked") // copies are bfloat16
  private static Operand<?> part(Ops tf, Operand<?> stacked, int from, ParameterSpec spec) {
    if (stacked.shape().equals(spec.shape())) {
      return stacked;
    }
    int inputs = Math.toIntExact(spec.shape().get(1));
    return tf.slice(
        (Operand<TBfloat16>) stacked,
        tf.constant(new int[] {from, 0}),
        tf.constant(new int[] {Packing.outputs(spec), inputs}));
  }

  /** An operand for each group of a packing, and behind them the exact embedding. */
  List<Operand<?>> packedReads(Ops tf) {
    List<Operand<?>> reads = new ArrayList<>();
    for (List<ParameterSpec> group : packing.groups()) {
      reads.add(
          isRounded(group.get(0))
              ? tf.readVariableOp(copy(group).handle(), TBfloat16.class)
              : exact(tf, group.get(0)));
    }
    reads.add(exact(tf, weights.all().get(0).spec()));
    return reads;
  }
}
