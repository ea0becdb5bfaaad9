package org.etalon.data.grade.code;

/** The sandbox itself failed: nothing is known about the program. */
final class SandboxException extends Exception {
  private static final long serialVersionUID = 1;

  SandboxException(String message) {
    super(message);
  }

  SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
