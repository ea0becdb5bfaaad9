package org.etalon.graph.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
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
   * Adds a loop for kernels. Its body becomes nodes of the graph and is optimised like the rest:
   * its products go to oneDNN, for one.
   *
   * @param state initial values; at least one must depend on a placeholder, because a loop of
   *     constants alone is folded by a recursion that can overflow the native stack
   * @param goesOn gives one bool
   * @param step gives the next state, types and shapes unchanged
   * @return the state at the end
   */
  public static List<? extends Operand<?>> run(
      Ops tf, List<Operand<?>> state, Body goesOn, Body step) {
    return of(tf, state, goesOn, step, false);
  }

  /** Adds a loop within a function that XLA compiles, which knows loops as functions only. */
  public static List<? extends Operand<?>> compiled(
      Ops tf, List<Operand<?>> state, Body goesOn, Body step) {
    return of(tf, state, goesOn, step, true);
  }

  /** Adds a loop that XLA compiles, as {@link #compiled}, or one for kernels, as {@link #run}. */
  public static List<? extends Operand<?>> of(
      Ops tf, List<Operand<?>> state, Body goesOn, Body step, boolean compiled) {
    try (Graph goesOnGraph = new Graph();
        Graph stepGraph = new Graph();
        ConcreteFunction condition = trace(goesOnGraph, state, goesOn);
        ConcreteFunction body = trace(stepGraph, state, step)) {
      OperationBuilder loop = tf.scope().opBuilder("StatelessWhile", "while");
      loop.addInputList(state.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
      loop.setAttr("cond", condition);
      loop.setAttr("body", body);
      loop.setAttr("_lower_using_switch_merge", !compiled);
      // A step may write in place what another would still read.
      loop.setAttr("parallel_iterations", 1);
      Operation node = loop.build();
      List<Operand<?>> end = new ArrayList<>();
      for (int i = 0; i < state.size(); i++) {
        end.add(node.output(i));
      }
      return end;
    }
  }

  /** A function of the graph, which only it holds. */
  static ConcreteFunction trace(Graph graph, List<Operand<?>> state, Body body) {
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
    // shapes keep a function of other shapes from being given this one's functions.
    int shapes = arguments.stream().map(Operand::shape).toList().hashCode();
    Ops named = tf.withSubScope("shapes_" + Integer.toHexString(shapes));
    List<Operand<?>> results = body.build(named, arguments);
    for (int i = 0; i < results.size(); i++) {
      signature.output("out" + i, tf.withName("out" + i).identity(results.get(i)));
    }
    return ConcreteFunction.create(signature.build(), graph);
  }
}
