package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;

/**
 * A function of a graph that XLA must compile.
 *
 * @param function its name in the graph's library
 * @param name what it is for; part of node names
 * @param outputs index of each of the body's outputs among the function's
 */
record Compiled(String function, String name, List<Integer> outputs) {
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Adds the function to the graph's library. */
  static Compiled define(Ops tf, String name, List<Operand<?>> inputs, Lowering.Body body) {
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
      List<Integer> outputs = new ArrayList<>();
      for (int i = 0; i < traced.getSignature().getOutputArgCount(); i++) {
        outputs.add(outputIndex(traced, "out" + i));
      }
      return new Compiled(unique, name, List.copyOf(outputs));
    }
  }

  /** Adds a call. */
  List<Operand<?>> call(Ops tf, List<Operand<?>> inputs) {
    Graph graph = (Graph) tf.scope().env();
    GraphOperationBuilder call = graph.opBuilder(function, tf.scope().makeOpName(name), tf.scope());
    for (Operand<?> input : inputs) {
      call.addInput(input.asOutput());
    }
    call.setAttr("_XlaMustCompile", true);
    call.setAttr("_noinline", true);
    GraphOperation node = call.build();
    List<Operand<?>> results = new ArrayList<>();
    outputs.forEach(index -> results.add(node.output(index)));
    return results;
  }

  private static ConcreteFunction trace(Graph inner, List<Operand<?>> inputs, Lowering.Body body) {
    Ops tf = Ops.create(inner);
    Signature.Builder signature = Signature.builder();
    List<Operand<?>> arguments = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Output<?> input = inputs.get(i).asOutput();
      Operand<?> argument = tf.placeholder(input.type(), Placeholder.shape(input.shape()));
      arguments.add(argument);
      signature.input("in" + i, argument);
    }
    List<? extends Operand<?>> results = body.build(tf, arguments);
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
