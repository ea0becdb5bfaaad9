package org.etalon.savedmodels.client;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks one server after another, in turns, until one answers, refuses for good, or the time is
 * over. Waits between rounds are drawn evenly from 0 to a bound that doubles: clients that were
 * refused together do not come back together.
 *
 * @param <S> a server
 */
final class Retry<S> {
  private static final long FIRST_WAIT_MILLIS = 50;
  private static final long LONGEST_WAIT_MILLIS = 2000;

  private final List<S> servers;
  private final Sleep sleep;
  private final AtomicInteger turn = new AtomicInteger();

  /** Lets time pass. */
  interface Sleep {
    void millis(long millis) throws InterruptedException;
  }

  /** One attempt. */
  interface Attempt<S, T> {
    T at(S server, Duration left);
  }

  Retry(List<S> servers, Sleep sleep) {
    this.servers = List.copyOf(servers);
    this.sleep = sleep;
  }

  /**
   * The first answer.
   *
   * @param timeout for all attempts together
   * @throws ServerException the last one's
   */
  <T> T call(Duration timeout, Attempt<S, T> attempt) {
    long end = System.nanoTime() + timeout.toNanos();
    int first = turn.getAndIncrement();
    long bound = FIRST_WAIT_MILLIS;
    for (int i = 0; ; i++) {
      Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
      try {
        return attempt.at(servers.get(Math.floorMod(first + i, servers.size())), left);
      } catch (ServerException e) {
        // A server that is down is passed over at once; only a whole round is waited after.
        boolean round = (i + 1) % servers.size() == 0;
        long millis = round ? ThreadLocalRandom.current().nextLong(bound + 1) : 0;
        if (!e.passes() || end - System.nanoTime() <= millis * 1_000_000) {
          throw e;
        }
        pause(millis, e);
        bound = round ? Math.min(2 * bound, LONGEST_WAIT_MILLIS) : bound;
      }
    }
  }

  private void pause(long millis, ServerException reason) {
    try {
      sleep.millis(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("waiting", Status.Code.CANCELLED, "interrupted", reason);
    }
  }
}
