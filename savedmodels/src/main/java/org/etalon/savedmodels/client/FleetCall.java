package org.etalon.savedmodels.client;

import com.google.common.math.IntMath;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/**
 * The rows of one call to a fleet: those that wait, and what has come of each. Workers take rows
 * and give them back, with a piece of their answers or without. Safe for use from many threads.
 */
final class FleetCall {
  /** Our choice: when all that can be under way fails so often without an answer, the call ends. */
  private static final int MOST_FAILURES = 3;

  private final Fleet.Options options;
  private final int workers;
  private final List<GrowingAnswer> rows = new ArrayList<>();
  private final Deque<Integer> waiting = new ArrayDeque<>();
  private final Set<String> answered = new HashSet<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private RuntimeException failure;
  private int open;
  private int inFlight;
  private int requests;
  private int failures;
  private int failuresInARow;
  private long tokens;
  private long idleSince = System.nanoTime();

  FleetCall(List<Ask> asks, Fleet.Options options, int servers) {
    this.options = options;
    this.workers = servers * options.requests();
    for (Ask ask : asks) {
      GrowingAnswer row = GrowingAnswer.of(ask);
      if (!row.ended()) {
        waiting.addLast(rows.size());
        open++;
      }
      rows.add(row);
    }
    changed();
  }

  /** Whether all rows have ended, or the call has failed. */
  synchronized boolean over() {
    return open == 0 || failure != null;
  }

  /**
   * Takes a share of the rows that wait, and waits for some where there are none.
   *
   * @return numbers of rows; none if the call is over
   */
  synchronized List<Integer> take() throws InterruptedException {
    while (!over() && waiting.isEmpty()) {
      wait();
    }
    List<Integer> taken = new ArrayList<>();
    if (over()) {
      return taken;
    }
    int share = IntMath.divide(waiting.size(), workers, RoundingMode.CEILING);
    while (taken.size() < Math.min(share, options.rows())) {
      taken.add(waiting.removeFirst());
    }
    inFlight++;
    requests++;
    return taken;
  }

  /** What to ask for rows that were taken. */
  synchronized List<Ask> asks(List<Integer> taken) {
    return taken.stream().map(row -> rows.get(row).next(options.pieceTokens())).toList();
  }

  /** Gives rows back with a piece of their answers. */
  synchronized void give(List<Integer> taken, List<Answer> pieces, String address) {
    for (int i = 0; i < taken.size(); i++) {
      int row = taken.get(i);
      tokens += pieces.get(i).ids().length;
      rows.set(row, rows.get(row).plus(pieces.get(i), options.pieceTokens()));
      if (rows.get(row).ended()) {
        open--;
      } else {
        waiting.addLast(row);
      }
    }
    answered.add(address);
    failuresInARow = 0;
    returned();
  }

  /** Gives rows back as they were; others answer them. */
  synchronized void giveBack(List<Integer> taken) {
    for (int i = taken.size() - 1; i >= 0; i--) {
      waiting.addFirst(taken.get(i));
    }
    failures++;
    failuresInARow++;
    returned();
  }

  private void returned() {
    inFlight--;
    idleSince = System.nanoTime();
    changed();
  }

  private synchronized void changed() {
    if (over()) {
      done.countDown();
    }
    notifyAll();
  }

  /** Ends the call. */
  synchronized void fail(RuntimeException reason) {
    if (failure == null) {
      failure = reason;
    }
    changed();
  }

  /** Waits until the call is over, but not longer than so many milliseconds. */
  void await(long millis) throws InterruptedException {
    done.await(millis, TimeUnit.MILLISECONDS);
  }

  /** Whether nobody has been asked for longer than servers may take, or they all fail. */
  synchronized boolean stalled() {
    boolean nobody = inFlight == 0 && System.nanoTime() - idleSince > options.patience().toNanos();
    return nobody || failuresInARow >= MOST_FAILURES * workers;
  }

  /** Tokens that have come. */
  synchronized long tokens() {
    return tokens;
  }

  /**
   * What has come.
   *
   * @throws ServerException if the call has failed
   */
  synchronized Fleet.Outcome outcome() {
    if (failure != null) {
      throw failure;
    }
    return new Fleet.Outcome(
        rows.stream().map(GrowingAnswer::answer).toList(), answered.size(), requests, failures);
  }
}
