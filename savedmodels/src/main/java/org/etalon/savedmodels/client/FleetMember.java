package org.etalon.savedmodels.client;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/**
 * A server during one call to its fleet: it is asked for nothing before it says that it serves the
 * version, and not again after a failure before it has said so anew.
 */
final class FleetMember {
  private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(10);

  /** Our choice: at first a small part of the second in which servers look for versions. */
  private static final long LOOK_MILLIS = 100;

  /** Our choice: what a version that loads for seconds may be noticed late. */
  private static final long LONGEST_LOOK_MILLIS = 500;

  private static final long LONGEST_WAIT_MILLIS = 2000;

  private final FleetServer server;
  private final long version;
  private final Consumer<String> log;
  private boolean serves;
  private int failures;
  private long waitMillis;
  private volatile String reason = "";

  FleetMember(FleetServer server, long version, Consumer<String> log) {
    this.server = server;
    this.version = version;
    this.log = log;
  }

  /** Waits until the server says that it serves the version. */
  synchronized void awaitServing() throws InterruptedException {
    while (!serves) {
      TimeUnit.MILLISECONDS.sleep(waitMillis);
      Optional<String> lacks = server.lacks(version, STATUS_TIMEOUT);
      serves = lacks.isEmpty();
      reason = lacks.orElse("");
      waitMillis = Math.min(Math.max(LOOK_MILLIS, 2 * waitMillis), LONGEST_LOOK_MILLIS);
    }
  }

  /**
   * Generates.
   *
   * @throws ServerException if it does not answer in time, or refuses
   */
  List<Answer> generate(List<Ask> asks, Duration timeout) {
    return server.generate(asks, version, timeout);
  }

  /** A request has been answered. */
  synchronized void answered() {
    if (failures > 0) {
      log.accept(server.address() + " answers again");
    }
    failures = 0;
  }

  /** A request has failed; the next one waits, longer each time. */
  synchronized void failed(ServerException failure, int rows) {
    log.accept(failure.getMessage() + "; its " + rows + " rows are asked again");
    serves = false;
    reason = failure.getMessage();
    failures++;
    long bound = Math.min(LOOK_MILLIS << Math.min(failures, 10), LONGEST_WAIT_MILLIS);
    waitMillis = ThreadLocalRandom.current().nextLong(LOOK_MILLIS, bound + 1);
  }

  String address() {
    return server.address();
  }

  /** Why it is not asked now; empty if it is, or has not been looked at. */
  Optional<String> reason() {
    return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
  }
}
