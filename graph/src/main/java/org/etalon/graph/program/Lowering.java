package org.etalon.graph.program;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.BlockAttention;
import org.etalon.graph.model.Documents;
import org.etalon.graph.model.RangeAttention;
import org.etalon.graph.model.RowWrite;
import org.etalon.graph.model.XlaNodes;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;

/**
 * How a graph function becomes nodes: inlined into the graph, inlined with the pieces between
 * products compiled, or called as one function that XLA must compile. An operation in a compiled
 * function that XLA cannot compile is an error when it runs, never a slow path.
 */
public enum Lowering {
  /** Nodes of the graph, run by TensorFlow's executor and its own kernels. */
  INLINE,
  /**
   * Products by TensorFlow's own kernels, which use oneDNN on a CPU and so multiply bfloat16 fast;
   * what lies between them in functions with {@code _XlaMustCompile}.
   */
  PIECES,
  /** One call node per function with {@code _XlaMustCompile}. */
  XLA;

  /** A pure function from operands to operands. */
  @FunctionalInterface
  public interface Body {
    List<Operand<?>> build(Ops tf, List<Operand<?>> inputs);
  }

  /** Whole functions compiled, or nothing. */
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
    return this == XLA
        ? compiled(tf, name, inputs, body)
        : body.build(tf.withSubScope(name), inputs);
  }

  /** Attention block by block. */
  Attend blockAttention(Documents documents, int block) {
    return this == XLA
        ? new BlockAttention(documents, block)
        : new RangeAttention(documents, block);
  }

  /** How rows of large tensors are written. */
  RowWrite rowWrite() {
    return RowWrite.of(this == XLA);
  }

  /**
   * {@code values} as they are, but not before {@code after} are there; what is computed from them
   * is not taken for what was computed before.
   */
  List<Operand<?>> barrier(Ops tf, List<Operand<?>> values, List<Operand<?>> after) {
    List<Operand<?>> held = new ArrayList<>();
    if (this != XLA) {
      Ops later = tf.withControlDependencies(List.<Op>copyOf(after));
      values.forEach(value -> held.add(later.identity(value)));
      return held;
    }
    // XLA drops control dependencies: what must come later goes through one barrier with them.
    return XlaNodes.barrier(tf, Stream.concat(values.stream(), after.stream()).toList())
        .subList(0, values.size());
  }

  private static List<Operand<?>> compiled(
      Ops tf, String name, List<Operand<?>> inputs, Body body) {
    return Compiled.define(tf, name, inputs, body).call(tf, inputs);
  }
}
