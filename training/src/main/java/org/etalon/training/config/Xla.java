package org.etalon.training.config;

/** Whether graph functions are compiled by XLA. */
public enum Xla {
  /** Plain executor; on a CPU the faster one. */
  OFF("off"),
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
