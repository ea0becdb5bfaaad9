package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.etalon.graph.WeightType;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/**
 * A sum of weighted models, Σ w · θ, held beside a program's weights: models are restored into the
 * program one after the other, added, and at the end the sum becomes the program's weights. Nothing
 * of it is held in Java. Products are rounded from 64 to 32 bits before they are added.
 */
public final class WeightedSum {
  private final Program program;
  private final Placeholder<TFloat64> weight;
  private final List<Op> adds = new ArrayList<>();
  private final List<Op> assigns = new ArrayList<>();

  /** An empty sum. */
  public WeightedSum(Program program) {
    this.program = program;
    Ops tf = program.ops().withSubScope("sum");
    weight = Bucket.placeholder(tf, TFloat64.class);
    Variables sum = new Variables(tf, "sum", program.config().parameters(), WeightType.FLOAT32);
    List<Op> clear = new ArrayList<>();
    for (Variables.Variable total : sum.all()) {
      Variables.Variable own = program.weights().variable(total.spec().name());
      var wide = tf.dtypes.cast(tf.readVariableOp(own.handle(), TFloat32.class), TFloat64.class);
      var scaled = tf.dtypes.cast(tf.math.mul(wide, weight), TFloat32.class);
      adds.add(tf.assignAddVariableOp(total.handle(), scaled));
      assigns.add(
          tf.assignVariableOp(own.handle(), tf.readVariableOp(total.handle(), TFloat32.class)));
      clear.add(tf.assignVariableOp(total.handle(), Trainer.zeros(tf, total)));
    }
    program.run(Map.of(), List.of(), clear, result -> null);
  }

  /** Adds the program's current weights, weighted. */
  public void add(double share) {
    // One at a time: each needs room for a copy in 64 bits.
    for (Op add : adds) {
      program.run(
          Map.of(weight, TFloat64.scalarOf(share)), List.of(), List.of(add), result -> null);
    }
  }

  /** Makes the sum the program's weights. */
  public void assign() {
    program.write(Map.of(), assigns);
  }
}
