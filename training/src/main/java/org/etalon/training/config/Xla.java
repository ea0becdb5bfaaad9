package org.etalon.training.config;

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

  @Override
  public String toString() {
    return name;
  }
}
