package org.etalon.training.config;

/** How matrices are multiplied; weights, moments and sums of gradients are float32 in either. */
public enum Precision {
  /** As they are. */
  FLOAT32("float32"),
  /** Factors and products rounded to bfloat16. */
  BFLOAT16("bfloat16");

  private final String name;

  Precision(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
