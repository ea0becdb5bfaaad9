package org.etalon.savedmodels.serve;

import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** What is done when a result is there. */
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
}
