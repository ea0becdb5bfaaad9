package org.etalon.training.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns SIGTERM and Ctrl-C into a request: the loop that sees it saves a checkpoint and closes this
 * signal, and only then the process ends. It waits two minutes at the most.
 */
public final class StopSignal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StopSignal.class);
  private static final long WAIT_SECONDS = 120;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::request, "stop-signal");
  private volatile boolean requested;

  /** Begins to listen. */
  public StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether the process was asked to end. */
  public boolean requested() {
    return requested;
  }

  /**
   * Says that the work so far is saved, and gives the exception that ends the stage. It is said
   * here because the process may end as soon as this signal is closed.
   *
   * @param stage name of the stage
   * @param step steps done
   */
  public StoppedException stopped(String stage, long step) {
    LOG.warn("{} stopped at step {}; run again to go on", stage, step);
    return new StoppedException(stage + " stopped at step " + step);
  }

  private void request() {
    requested = true;
    try {
      // Not for the thread's end: it may be waiting in System.exit for this hook.
      saved.await(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    saved.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process began to end just now; the hook finds the latch open.
        requested = true;
      }
    }
  }
}
