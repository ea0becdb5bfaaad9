package org.etalon.data.prepare;

import com.google.common.base.Throwables;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Sends batches through stages, in order out as in: a parallel stage works on several batches at
 * once, a serial one on the caller's thread. Bounded: a batch is taken in only when there is room.
 */
final class Pipe implements AutoCloseable {
  /** Our choice: of a 512 MB heap, text under way and its parsed form are a small part. */
  private static final long MOST_BYTES = 16 << 20;

  /**
   * A stage.
   *
   * @param isParallel whether several batches may be worked on at once
   */
  record Stage(boolean isParallel, Consumer<Batch> work) {}

  private record Waiting(Batch batch, Future<?> done) {}

  private final ExecutorService workers;
  private final List<Stage> stages;
  private final List<Deque<Waiting>> waiting = new ArrayList<>();
  private final int depth;
  private long bytes;

  Pipe(List<Stage> stages, int threads) {
    this.stages = stages;
    this.depth = 2 * threads;
    stages.forEach(stage -> waiting.add(new ArrayDeque<>()));
    workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "prepare");
              thread.setDaemon(true);
              return thread;
            });
  }

  void accept(Batch batch) {
    bytes += batch.bytes;
    enter(0, batch);
    while (bytes > MOST_BYTES && takeOldest()) {
      // Until what is under way fits.
    }
  }

  void finish() {
    for (int i = 0; i < stages.size(); i++) {
      while (!waiting.get(i).isEmpty()) {
        take(i);
      }
    }
  }

  private void enter(int index, Batch batch) {
    int at = index;
    while (at < stages.size() && !stages.get(at).isParallel()) {
      stages.get(at).work().accept(batch);
      at++;
    }
    if (at == stages.size()) {
      bytes -= batch.bytes;
      return;
    }
    Consumer<Batch> work = stages.get(at).work();
    waiting.get(at).add(new Waiting(batch, workers.submit(() -> work.accept(batch))));
    while (waiting.get(at).size() > depth) {
      take(at);
    }
  }

  /** Moves the batch that entered first; false if none is under way. */
  private boolean takeOldest() {
    for (int i = stages.size() - 1; i >= 0; i--) {
      if (!waiting.get(i).isEmpty()) {
        take(i);
        return true;
      }
    }
    return false;
  }

  private void take(int index) {
    Waiting first = waiting.get(index).remove();
    try {
      first.done().get();
    } catch (ExecutionException e) {
      Throwables.throwIfUnchecked(e.getCause());
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while preparing", e);
    }
    enter(index + 1, first.batch());
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
