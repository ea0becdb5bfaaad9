package org.etalon.training.run;

/**
 * Turns SIGTERM and Ctrl-C into a request: the loop that sees it saves a checkpoint and returns,
 * and only then the process ends. It waits for the thread that made it, two minutes at the most.
 */
public final class StopSignal implements AutoCloseable {
  private static final long WAIT_MILLIS = 120_000;

  private final Thread worker = Thread.currentThread();
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

  private void request() {
    requested = true;
    try {
      worker.join(WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (!requested) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
