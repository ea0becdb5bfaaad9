package org.etalon.training.run;

/** A stage ended early because the process was asked to; its work so far is saved. */
public final class StoppedException extends RuntimeException {
  public StoppedException(String message) {
    super(message);
  }
}
