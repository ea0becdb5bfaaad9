package org.etalon.graph.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;

/**
 * Turns a piece of a model that lies between two products into one compiled function. Norms,
 * rotations and gates then read and write memory once, not once for each operation.
 */
@FunctionalInterface
public interface Fusion {
  /** A pure function from operands to operands: it reaches nothing from outside. */
  @FunctionalInterface
  interface Body {
    List<? extends Operand<?>> build(Ops tf, List<Operand<?>> inputs);
  }

  /**
   * Adds a piece to the graph.
   *
   * @param name the same for pieces that compute the same from inputs of the same types and shapes;
   *     they share one compiled function
   * @param inputs operands of static shape
   * @return the body's outputs
   */
  List<Operand<?>> call(Ops tf, String name, List<Operand<?>> inputs, Body body);
}
