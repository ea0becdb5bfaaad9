package org.etalon.training.config;

/** Where variables are and steps run. */
public enum DeviceChoice {
  /** The GPU if there is one, else the CPU. */
  AUTO("auto"),
  /** The CPU, whatever else there is. */
  CPU("cpu"),
  /** The GPU, or an error. */
  GPU("gpu");

  private final String name;

  DeviceChoice(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
