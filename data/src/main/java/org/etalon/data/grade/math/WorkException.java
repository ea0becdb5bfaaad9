package org.etalon.data.grade.math;

/** A comparison takes more work or time than it may. */
public final class WorkException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WorkException(String reason) {
    super(reason, null, false, false);
  }
}
