package org.etalon.training.config;

import org.etalon.graph.program.Lowering;

/** Whether graph functions are compiled by XLA. */
public enum Xla {
  /** Plain executor: nothing to compile, which suits small models and short runs. */
  OFF("off"),
  /** Compiled between products, which stay TensorFlow's: the fastest on a CPU. */
  PIECES("pieces"),
  /** Compiled by must-compile calls; an operation XLA cannot compile is an error. */
  ON("on");

  private final String name;

  Xla(String name) {
    this.name = name;
  }

  /** How the graph's functions become nodes. */
  public Lowering lowering() {
    return switch (this) {
      case OFF -> Lowering.INLINE;
      case PIECES -> Lowering.PIECES;
      case ON -> Lowering.XLA;
    };
  }

  @Override
  public String toString() {
    return name;
  }
}
