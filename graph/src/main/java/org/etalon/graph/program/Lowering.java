package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.etalon.graph.model.RowWrite;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/**
 * How a graph function becomes nodes: inlined into the graph, or called as one function that XLA
 * must compile. In the second form an operation that XLA cannot compile is an error when it runs,
 * never a slow path.
 */
public enum Lowering {
  /** Nodes of the graph, run by TensorFlow's executor and its own kernels. */
  INLINE,
  /** One call node per function with {@code _XlaMustCompile}. */
  XLA;

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** A pure function from operands to operands. */
  @FunctionalInterface
  public interface Body {
    List<Operand<?>> build(Ops tf, List<Operand<?>> inputs);
  }

  /** Reads the configuration's {@code xla: off | on}. */
  public static Lowering of(boolean xla) {
    return xla ? XLA : INLINE;
  }

  /**
   * Adds a function's computation to the graph.
   *
   * @param name what the function is for; part of node names
   * @param inputs operands of static shape
   * @param body builds the function's nodes
   * @return the function's outputs, in the body's order
   */
  public List<Operand<?>> call(Ops tf, String name, List<Operand<?>> inputs, Body body) {
    return this == INLINE
        ? body.build(tf.withSubScope(name), inputs)
        : compiled(tf, name, inputs, body);
  }

  /** How rows of large tensors are written. */
  RowWrite rowWrite() {
    return this == INLINE ? RowWrite.IN_PLACE : RowWrite.SCATTER;
  }

  /**
   * {@code values} as they are, but not before {@code after} are there; what is computed from them
   * is not taken for what was computed before.
   */
  @SuppressWarnings("unchecked") // the barrier hands on what it is given
  List<Operand<TFloat32>> barrier(
      Ops tf, List<Operand<TFloat32>> values, List<Operand<TFloat32>> after) {
    List<Operand<TFloat32>> held = new ArrayList<>();
    if (this == INLINE) {
      Ops later = tf.withControlDependencies(List.<Op>copyOf(after));
      values.forEach(value -> held.add(later.identity(value)));
      return held;
    }
    // XLA drops control dependencies: what must come later goes through one barrier with them.
    Graph graph = (Graph) tf.scope().env();
    GraphOperationBuilder barrier =
        graph.opBuilder("XlaOptimizationBarrier", tf.scope().makeOpName("barrier"), tf.scope());
    barrier.addInputList(
        Stream.concat(values.stream(), after.stream())
            .map(Operand::asOutput)
            .toArray(Output<?>[]::new));
    GraphOperation node = barrier.build();
    for (int i = 0; i < values.size(); i++) {
      held.add((Operand<TFloat32>) (Operand<?>) node.output(i));
    }
    return held;
  }

  private static List<Operand<?>> compiled(
      Ops tf, String name, List<Operand<?>> inputs, Body body) {
    Graph graph = (Graph) tf.scope().env();
    try (Graph inner = new Graph();
        ConcreteFunction function = trace(inner, inputs, body)) {
      String unique = name + "_xla_" + COUNT.incrementAndGet();
      FunctionDef traced = function.getFunctionDef();
      FunctionDef.Builder def = traced.toBuilder();
      def.getSignatureBuilder().setName(unique);
      graph.importGraphDef(
          GraphDef.newBuilder()
              .setVersions(inner.toGraphDef().getVersions())
              .setLibrary(
                  FunctionDefLibrary.newBuilder(inner.toGraphDef().getLibrary()).addFunction(def))
              .build());
      GraphOperationBuilder call = graph.opBuilder(unique, tf.scope().makeOpName(name), tf.scope());
      for (Operand<?> input : inputs) {
        call.addInput(input.asOutput());
      }
      call.setAttr("_XlaMustCompile", true);
      call.setAttr("_noinline", true);
      GraphOperation node = call.build();
      List<Operand<?>> outputs = new ArrayList<>();
      for (int i = 0; i < traced.getSignature().getOutputArgCount(); i++) {
        outputs.add(node.output(outputIndex(traced, "out" + i)));
      }
      return outputs;
    }
  }

  private static ConcreteFunction trace(Graph inner, List<Operand<?>> inputs, Body body) {
    Ops tf = Ops.create(inner);
    Signature.Builder signature = Signature.builder();
    List<Operand<?>> arguments = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Output<?> input = inputs.get(i).asOutput();
      Operand<?> argument = tf.placeholder(input.type(), Placeholder.shape(input.shape()));
      arguments.add(argument);
      signature.input("in" + i, argument);
    }
    List<Operand<?>> results = body.build(tf, arguments);
    for (int i = 0; i < results.size(); i++) {
      signature.output("out" + i, tf.withName("out" + i).identity(results.get(i)));
    }
    return ConcreteFunction.create(signature.build(), inner);
  }

  private static int outputIndex(FunctionDef function, String name) {
    for (int i = 0; i < function.getSignature().getOutputArgCount(); i++) {
      if (function.getSignature().getOutputArg(i).getName().equals(name)) {
        return i;
      }
    }
    throw new IllegalStateException("function has no output " + name);
  }
}
