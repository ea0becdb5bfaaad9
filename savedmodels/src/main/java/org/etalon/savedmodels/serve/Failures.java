package org.etalon.savedmodels.serve;

import io.grpc.Status;
import io.grpc.StatusException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.etalon.savedmodels.wire.WireException;

/** What clients are told of what went wrong. */
final class Failures {
  private Failures() {}

  /** The failure behind a future's or a call's exception. */
  static ServingException of(Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ServingException e) {
      return e;
    }
    if (cause instanceof WireException e) {
      return new ServingException(Status.Code.INVALID_ARGUMENT, e.getMessage());
    }
    if (cause instanceof TimeoutException) {
      return new ServingException(
          Status.Code.DEADLINE_EXCEEDED, "the request took too long; ask for fewer tokens at once");
    }
    if (cause instanceof CancellationException) {
      return new ServingException(Status.Code.CANCELLED, "the client went away");
    }
    return new ServingException(
        Status.Code.INTERNAL,
        "the model failed (" + cause.getMessage() + "); see the server's log");
  }

  /** The same for gRPC. */
  static StatusException status(Throwable error) {
    ServingException failure = of(error);
    return Status.fromCode(failure.code()).withDescription(failure.getMessage()).asException();
  }
}
