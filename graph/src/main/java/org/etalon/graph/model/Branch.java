package org.etalon.graph.model;

import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** One of two ways to a value, chosen when the graph runs; the other is not computed. */
public final class Branch {
  private Branch() {}

  /**
   * Adds a choice.
   *
   * @param condition a scalar
   * @param inputs of both ways, which reach nothing else
   * @param yes gives one value
   * @param no gives one of the same type and shape
   * @param compiled whether XLA compiles it, which knows choices as functions only; otherwise both
   *     ways become nodes of the graph and are optimised like the rest
   */
  public static Operand<TFloat32> of(
      Ops tf,
      Operand<TBool> condition,
      List<Operand<?>> inputs,
      Loop.Body yes,
      Loop.Body no,
      boolean compiled) {
    try (Graph yesGraph = new Graph();
        Graph noGraph = new Graph();
        ConcreteFunction whenTrue = Loop.trace(yesGraph, inputs, yes);
        ConcreteFunction whenFalse = Loop.trace(noGraph, inputs, no)) {
      OperationBuilder node = tf.scope().opBuilder("StatelessIf", "branch");
      node.addInput(condition.asOutput());
      node.addInputList(inputs.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
      node.setAttr("Tout", new DataType[] {DataType.DT_FLOAT});
      node.setAttr("then_branch", whenTrue);
      node.setAttr("else_branch", whenFalse);
      node.setAttr("_lower_using_switch_merge", !compiled);
      Operation built = node.build();
      return built.output(0);
    }
  }
}
