package org.etalon.training.config;

/** How attention over whole rows is computed; the results agree within rounding. */
public enum Attention {
  /** By cuDNN where that is possible, else as the length of the rows suggests. */
  AUTO("auto"),
  /** All scores of a row at once. */
  FULL("full"),
  /** Block by block. */
  BLOCKS("blocks"),
  /** By cuDNN, or an error. */
  FLASH("flash");

  private final String name;

  Attention(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
