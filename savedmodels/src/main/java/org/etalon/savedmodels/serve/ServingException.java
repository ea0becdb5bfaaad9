package org.etalon.savedmodels.serve;

import com.google.errorprone.annotations.FormatMethod;
import io.grpc.Status;
import java.util.Locale;

/** A request that gets no answer, with the code that its client is told. */
public final class ServingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Status.Code code;

  /**
   * @param code gRPC's code
   * @param message what was expected, what came, the remedy
   */
  public ServingException(Status.Code code, String message) {
    super(message);
    this.code = code;
  }

  /** A request that is wrong in itself and would be wrong again. */
  @FormatMethod
  static ServingException invalid(String format, Object... values) {
    return new ServingException(
        Status.Code.INVALID_ARGUMENT, String.format(Locale.ROOT, format, values));
  }

  /** gRPC's code. */
  public Status.Code code() {
    return code;
  }

  /**
   * HTTP's code: those that TensorFlow Serving gives. RESOURCE_EXHAUSTED is a message that is too
   * large, as gRPC has it: it would be too large again. A full queue is UNAVAILABLE, as there.
   */
  int http() {
    return switch (code) {
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case NOT_FOUND -> 404;
      case CANCELLED -> 499;
      case UNIMPLEMENTED -> 501;
      case RESOURCE_EXHAUSTED -> 413;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      default -> 500;
    };
  }
}
