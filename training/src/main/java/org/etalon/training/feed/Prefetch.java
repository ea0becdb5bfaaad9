package org.etalon.training.feed;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The items of a source in their order, each prepared on one background thread while the caller
 * works on the one before: at most one item is ahead. The source is touched by that thread alone,
 * so an item must carry whatever of the source's state belongs to it.
 *
 * <p>An error of the source is thrown by the {@link #next} that would have given its item, as it
 * is: its stack trace is that of the background thread. The creator closes.
 *
 * @param <T> what is prepared; never null
 */
public final class Prefetch<T> implements AutoCloseable {
  private final ExecutorService worker;
  private final Iterator<T> source;
  private volatile Thread thread;
  private Future<T> ahead;
  private long waited;

  /**
   * Begins to prepare the first item.
   *
   * @param name of the thread
   * @param source finite or endless; may be slow
   */
  public Prefetch(String name, Iterator<T> source) {
    this.source = source;
    this.worker =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread created = new Thread(task, name);
              // A process that ends for another reason does not wait for a batch.
              created.setDaemon(true);
              thread = created;
              return created;
            });
    prepare();
  }

  private void prepare() {
    ahead = worker.submit(() -> source.hasNext() ? source.next() : null);
  }

  /** Whether {@link #next} will give an item or throw the source's error; waits until it is so. */
  public boolean hasNext() {
    try {
      return await() != null;
    } catch (ExecutionException e) {
      return true;
    }
  }

  /**
   * The next item; the one after it is then being prepared.
   *
   * @throws NoSuchElementException if the source has ended
   * @throws IllegalStateException if this thread is interrupted while it waits; the interrupt stays
   *     set
   */
  public T next() {
    T item;
    try {
      item = await();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("an iterator threw a checked exception", e.getCause());
    }
    if (item == null) {
      throw new NoSuchElementException("the source has ended");
    }
    prepare();
    return item;
  }

  private T await() throws ExecutionException {
    long began = System.nanoTime();
    try {
      return ahead.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a batch was being prepared", e);
    } finally {
      waited += System.nanoTime() - began;
    }
  }

  /** Seconds the caller has waited for items since this was last asked. */
  public double takeWaitedSeconds() {
    double seconds = waited / 1e9;
    waited = 0;
    return seconds;
  }

  /** Ends the thread; an item that is being prepared is finished first and thrown away. */
  @Override
  public void close() {
    worker.shutdownNow();
    // A terminated executor's thread still has its last steps to take.
    Uninterruptibles.joinUninterruptibly(thread);
  }
}
