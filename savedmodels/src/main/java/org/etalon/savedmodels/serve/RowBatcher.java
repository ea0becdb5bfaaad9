package org.etalon.savedmodels.serve;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Dynamic batching: rows of requests that wait at the same time run together. Rows of one request
 * stay together. A request whose future is cancelled while it waits leaves the queue at once.
 *
 * @param <Q> a row
 * @param <A> its answer
 */
final class RowBatcher<Q, A> implements AutoCloseable {
  private final Options options;
  private final Function<List<Q>, List<A>> run;
  private final ServerMetrics.Queue metrics;
  private final Thread worker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Ticket<Q, A>> resumed = new ArrayDeque<>();
  private final Deque<Ticket<Q, A>> waiting = new ArrayDeque<>();
  private int waitingRows;
  private boolean closed;

  /**
   * How rows are gathered.
   *
   * @param maxRows rows that run together, and of one request at the most
   * @param longestWait how long the oldest request waits for others
   * @param maxQueuedRows rows that may wait; more are refused
   */
  record Options(int maxRows, Duration longestWait, int maxQueuedRows) {}

  private record Ticket<Q, A>(List<Q> rows, CompletableFuture<List<A>> answers, long since) {}

  /**
   * @param name of the thread
   * @param run answers rows, one each, in order
   */
  RowBatcher(
      String name, Options options, Function<List<Q>, List<A>> run, ServerMetrics.Queue metrics) {
    this.options = options;
    this.run = run;
    this.metrics = metrics;
    this.worker = new Thread(this::work, name);
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * Queues a request's rows.
   *
   * @throws ServingException if there are more than may run together, or the queue is full
   */
  CompletableFuture<List<A>> submit(List<Q> rows) {
    if (rows.size() > options.maxRows()) {
      throw ServingException.invalid(
          "a request has at most %d rows here, got %d; send them in several requests",
          options.maxRows(), rows.size());
    }
    return add(rows, false);
  }

  /** Queues rows that go on with what was begun: ahead of all that wait, and never refused. */
  CompletableFuture<List<A>> resume(List<Q> rows) {
    return add(rows, true);
  }

  private CompletableFuture<List<A>> add(List<Q> rows, boolean resumes) {
    var ticket = new Ticket<Q, A>(rows, new CompletableFuture<>(), System.nanoTime());
    lock.lock();
    try {
      if (closed) {
        throw new ServingException(
            Status.Code.UNAVAILABLE, "the model is being unloaded; send the request again");
      }
      if (!resumes && waitingRows + rows.size() > options.maxQueuedRows()) {
        throw new ServingException(
            Status.Code.UNAVAILABLE,
            "%d rows are waiting, more than %d may not; try again later"
                .formatted(waitingRows, options.maxQueuedRows()));
      }
      (resumes ? resumed : waiting).addLast(ticket);
      count(rows.size());
      changed.signal();
    } finally {
      lock.unlock();
    }
    Completion.then(ticket.answers, (answers, error) -> leave(ticket));
    return ticket.answers;
  }

  private void leave(Ticket<Q, A> ticket) {
    lock.lock();
    try {
      if (resumed.remove(ticket) || waiting.remove(ticket)) {
        count(-ticket.rows.size());
      }
    } finally {
      lock.unlock();
    }
  }

  private void count(int rows) {
    waitingRows += rows;
    metrics.waiting(waitingRows);
  }

  private void work() {
    while (true) {
      List<Ticket<Q, A>> batch = next();
      if (batch.isEmpty()) {
        return;
      }
      run(batch);
    }
  }

  /** Answers on this thread: rows that go on are queued again before the next batch is taken. */
  private void run(List<Ticket<Q, A>> batch) {
    List<Q> rows = new ArrayList<>();
    batch.forEach(ticket -> rows.addAll(ticket.rows));
    List<A> answers;
    long since = System.nanoTime();
    metrics.running(rows.size());
    try {
      answers = run.apply(rows);
    } catch (RuntimeException | OutOfMemoryError e) {
      batch.forEach(ticket -> ticket.answers.completeExceptionally(e));
      return;
    } finally {
      metrics.ran(since);
    }
    int from = 0;
    for (Ticket<Q, A> ticket : batch) {
      int to = from + ticket.rows.size();
      ticket.answers.complete(List.copyOf(answers.subList(from, to)));
      from = to;
    }
  }

  /** The next requests to run together; none once closed and empty. */
  private List<Ticket<Q, A>> next() {
    lock.lock();
    try {
      while (resumed.isEmpty() && !gathered()) {
        if (closed && waiting.isEmpty()) {
          return List.of();
        }
        if (waiting.isEmpty()) {
          changed.awaitUninterruptibly();
        } else {
          changed.awaitNanos(deadline() - System.nanoTime());
        }
      }
      return take();
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; what is there runs now.
      return take();
    } finally {
      lock.unlock();
    }
  }

  private boolean gathered() {
    return !waiting.isEmpty()
        && (closed || waitingRows >= options.maxRows() || System.nanoTime() - deadline() >= 0);
  }

  private long deadline() {
    return waiting.getFirst().since + options.longestWait().toNanos();
  }

  private List<Ticket<Q, A>> take() {
    List<Ticket<Q, A>> batch = new ArrayList<>();
    int room = options.maxRows();
    for (Deque<Ticket<Q, A>> queue : List.of(resumed, waiting)) {
      Iterator<Ticket<Q, A>> tickets = queue.iterator();
      while (tickets.hasNext()) {
        Ticket<Q, A> ticket = tickets.next();
        if (ticket.rows.size() > room) {
          break;
        }
        tickets.remove();
        room -= ticket.rows.size();
        count(-ticket.rows.size());
        batch.add(ticket);
      }
    }
    return batch;
  }

  /** Takes nothing more, answers what is there and ends. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      worker.join(TimeUnit.MINUTES.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
