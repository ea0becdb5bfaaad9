package org.etalon.savedmodels.client;

import io.grpc.Status;

/** A server that did not answer, and why. */
public final class ServerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Status.Code code;

  /**
   * @param address of the server
   * @param code gRPC's code
   */
  ServerException(String address, Status.Code code, String message, Throwable cause) {
    super(address + ": " + code + ": " + message, cause);
    this.code = code;
  }

  /** gRPC's code; REST's are told as the one they stand for. */
  public Status.Code code() {
    return code;
  }

  /** Whether the request itself is wrong or too large: any server would say so. */
  public boolean isRefusal() {
    return code == Status.Code.INVALID_ARGUMENT || code == Status.Code.RESOURCE_EXHAUSTED;
  }

  /**
   * Whether the same request may succeed later or elsewhere. RESOURCE_EXHAUSTED is a message that
   * is too large; a server whose queue is full says UNAVAILABLE.
   */
  boolean passes() {
    return code == Status.Code.UNAVAILABLE;
  }
}
