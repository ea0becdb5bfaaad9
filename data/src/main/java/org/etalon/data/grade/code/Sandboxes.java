package org.etalon.data.grade.code;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import org.etalon.data.DataException;

/**
 * A pool of sandboxes, started when they are needed. Safe for use from many threads: of more
 * callers than workers some wait.
 */
final class Sandboxes implements AutoCloseable {
  private final List<String> command;
  private final Semaphore free;
  private final BlockingQueue<Sandbox> idle = new LinkedBlockingQueue<>();
  private final ExecutorService starter =
      Executors.newSingleThreadExecutor(daemons("sandbox-starter"));
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(daemons("sandbox-clock"));

  /**
   * A pool whose first sandbox has been tried.
   *
   * @param workers programs that run at once
   * @throws DataException if there is no sandbox here, or if it does not keep what it promises; the
   *     message names the remedy
   */
  Sandboxes(int workers) {
    this(workers, SandboxCommand.create());
  }

  /** For tests: another command. */
  Sandboxes(int workers, List<String> command) {
    if (workers < 1) {
      throw new DataException("expected at least 1 worker, got " + workers);
    }
    this.command = command;
    this.free = new Semaphore(workers);
    try {
      Sandbox first = start();
      SandboxCheck.check(first);
      idle.add(first);
    } catch (SandboxException e) {
      close();
      throw new DataException(SandboxCheck.remedy(e.getMessage()), e);
    }
  }

  private static java.util.concurrent.ThreadFactory daemons(String name) {
    return new ThreadFactoryBuilder().setDaemon(true).setNameFormat(name).build();
  }

  /**
   * Runs one program on one input; tries a fresh sandbox where one fails.
   *
   * @throws SandboxException if the fresh one fails as well
   * @throws DataException if the calling thread is interrupted while it waits
   */
  SandboxRun run(SandboxRequest request) throws SandboxException {
    try {
      free.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while waiting for a sandbox", e);
    }
    try {
      Sandbox sandbox = idle.poll();
      if (sandbox != null) {
        try {
          return runIn(sandbox, request);
        } catch (SandboxException e) {
          // Whatever ended it may have been before this program.
        }
      }
      return runIn(start(), request);
    } finally {
      free.release();
    }
  }

  private SandboxRun runIn(Sandbox sandbox, SandboxRequest request) throws SandboxException {
    SandboxRun run = sandbox.run(request);
    idle.add(sandbox);
    return run;
  }

  /** Of Python in the sandbox. */
  String pythonVersion() {
    Sandbox any = idle.peek();
    return any == null ? "" : any.version();
  }

  private Sandbox start() throws SandboxException {
    try {
      return starter.submit(() -> new Sandbox(command, clock)).get();
    } catch (ExecutionException e) {
      throw new SandboxException(e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("interrupted while a sandbox was starting", e);
    }
  }

  /** Ends every idle sandbox; the caller has no run under way. */
  @Override
  public void close() {
    idle.forEach(Sandbox::close);
    idle.clear();
    starter.shutdownNow();
    clock.shutdownNow();
  }
}
