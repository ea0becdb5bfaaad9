package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** Nodes that only functions compiled by XLA may hold, and that TensorFlow Java has no name for. */
public final class XlaNodes {
  private XlaNodes() {}

  /** The values as they are; nothing is computed across this point. */
  public static List<Operand<?>> barrier(Ops tf, List<Operand<?>> values) {
    GraphOperationBuilder barrier = builder(tf, "XlaOptimizationBarrier", "barrier");
    barrier.addInputList(values.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
    GraphOperation node = barrier.build();
    List<Operand<?>> held = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      held.add(node.output(i));
    }
    return held;
  }

  /** {@code x} with {@code part} from {@code start} on, one index for each dimension. */
  public static <T extends TType> Operand<T> updateSlice(
      Ops tf, Operand<T> x, Operand<T> part, Operand<TInt32> start) {
    GraphOperationBuilder update = builder(tf, "XlaDynamicUpdateSlice", "updateSlice");
    update.addInput(x.asOutput());
    update.addInput(part.asOutput());
    update.addInput(start.asOutput());
    Output<T> updated = update.build().output(0);
    return tf.ensureShape(updated, x.shape());
  }

  private static GraphOperationBuilder builder(Ops tf, String type, String name) {
    return ((Graph) tf.scope().env()).opBuilder(type, tf.scope().makeOpName(name), tf.scope());
  }
}
