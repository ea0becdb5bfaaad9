package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.List;
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
  private final List<Variables.Variable> weights;
  private final Variables copies;
  private final List<Op> round = new ArrayList<>();
  private boolean outdated;

  RoundedCopies(Ops tf, ModelConfig config, Variables weights) {
    this.weights = weights.all();
    List<ParameterSpec> rounded =
        config.parameters().stream().filter(RoundedCopies::isRounded).toList();
    this.copies = new Variables(tf, "rounded", rounded, WeightType.BFLOAT16);
    for (Variables.Variable copy : copies.all()) {
      var exact = tf.readVariableOp(weights.variable(copy.spec().name()).handle(), TFloat32.class);
      round.add(tf.assignVariableOp(copy.handle(), tf.dtypes.cast(exact, TBfloat16.class)));
    }
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
    List<Operand<?>> reads = new ArrayList<>();
    for (Variables.Variable weight : weights) {
      reads.add(
          isRounded(weight.spec())
              ? tf.readVariableOp(copies.variable(weight.spec().name()).handle(), TBfloat16.class)
              : tf.readVariableOp(weight.handle(), TFloat32.class));
    }
    reads.add(tf.readVariableOp(weights.get(0).handle(), TFloat32.class));
    return reads;
  }
}
