package org.etalon.savedmodels.serve;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** What is done when a result is there, or until then. */
final class Completion {
  private Completion() {}

  /**
   * Runs an action once a future is complete, failed or cancelled.
   *
   * @param action handles its own failures: nobody would see them
   */
  @SuppressWarnings("FutureReturnValueIgnored") // it would hold the action's failures alone
  static <T> void then(CompletableFuture<T> future, BiConsumer<T, Throwable> action) {
    future.whenComplete(action);
  }

  /**
   * A result, or its failure; what takes too long is cancelled.
   *
   * @throws ServingException if it failed or took too long
   * @throws java.util.concurrent.CancellationException if it was cancelled
   */
  static <T> T get(CompletableFuture<T> result, Duration time) {
    try {
      return result.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw new ServingException(
          Status.Code.DEADLINE_EXCEEDED,
          "the request took longer than " + time.toSeconds() + " s; ask for fewer tokens at once");
    } catch (InterruptedException e) {
      result.cancel(false);
      Thread.currentThread().interrupt();
      throw new ServingException(Status.Code.UNAVAILABLE, "the server is stopping");
    } catch (ExecutionException e) {
      throw Failures.of(e.getCause());
    }
  }
}
