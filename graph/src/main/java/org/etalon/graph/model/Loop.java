package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.GraphOperationBuilder;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;

/**
 * A While over a list of operands. A body hands on all of the state, what does not change too:
 * weights, for example, which are thereby read once, outside.
 */
public final class Loop {
  private Loop() {}

  /** A function of the loop's state. */
  @FunctionalInterface
  public interface Body {
    List<Operand<?>> build(Ops tf, List<Operand<?>> state);
  }

  /**
   * Adds the loop.
   *
   * @param state initial values; at least one must depend on a placeholder, because a loop of
   *     constants alone is folded by a recursion that can overflow the native stack
   * @param goesOn gives one bool
   * @param step gives the next state, types and shapes unchanged
   * @return the state at the end
   */
  public static List<? extends Operand<?>> run(
      Ops tf, List<Operand<?>> state, Body goesOn, Body step) {
    return run(tf, state, goesOn, step, false);
  }

  /**
   * The same loop, which TensorFlow's executor gets as plain nodes instead of two functions: only
   * then are its products those of oneDNN, as outside of a loop. Measured on 2 cores with AVX512,
   * 12 layers, D = 512, 16 slots: as functions 1.3 times the processor time in float32, and more
   * than 10 times in bfloat16. Not for what XLA compiles.
   */
  public static List<? extends Operand<?>> inline(
      Ops tf, List<Operand<?>> state, Body goesOn, Body step) {
    return run(tf, state, goesOn, step, true);
  }

  private static List<? extends Operand<?>> run(
      Ops tf, List<Operand<?>> state, Body goesOn, Body step, boolean lowered) {
    try (Graph goesOnGraph = new Graph();
        Graph stepGraph = new Graph();
        ConcreteFunction condition = trace(goesOnGraph, state, goesOn);
        ConcreteFunction body = trace(stepGraph, state, step)) {
      Graph graph = (Graph) tf.scope().env();
      GraphOperationBuilder loop =
          graph.opBuilder("StatelessWhile", tf.scope().makeOpName("loop"), tf.scope());
      loop.addInputList(state.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
      loop.setAttr("cond", condition);
      loop.setAttr("body", body);
      loop.setAttr("_lower_using_switch_merge", lowered);
      GraphOperation node = loop.build();
      return IntStream.range(0, state.size()).mapToObj(i -> node.output(i)).toList();
    }
  }

  private static ConcreteFunction trace(Graph graph, List<Operand<?>> state, Body body) {
    Ops tf = Ops.create(graph);
    Signature.Builder signature = Signature.builder();
    List<Operand<?>> arguments = new ArrayList<>();
    for (int i = 0; i < state.size(); i++) {
      Output<?> outer = state.get(i).asOutput();
      Operand<?> argument =
          tf.withName("in" + i).placeholder(outer.type(), Placeholder.shape(outer.shape()));
      arguments.add(argument);
      signature.input("in" + i, argument);
    }
    // A function's name is a hash of its nodes and not of its arguments' shapes: nodes named by the
    // shapes keep a loop of other shapes from being given this one's functions.
    int shapes = arguments.stream().map(Operand::shape).toList().hashCode();
    Ops named = tf.withSubScope("shapes_" + Integer.toHexString(shapes));
    List<Operand<?>> results = body.build(named, arguments);
    for (int i = 0; i < results.size(); i++) {
      signature.output("out" + i, tf.withName("out" + i).identity(results.get(i)));
    }
    return ConcreteFunction.create(signature.build(), graph);
  }
}
