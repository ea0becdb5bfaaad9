package org.etalon.savedmodels.serve;

import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/**
 * The rows of one request on their way. Each runs piece by piece, every piece going on from the
 * prompt and what was generated; because random numbers are keyed by seed and position, the tokens
 * are those of one long run. Between pieces other requests join the batch, and a request that was
 * cancelled leaves it.
 */
final class Generation {
  /** Our choice: the first stretch that a watcher waits for; each further one is twice as long. */
  private static final int FIRST_PIECE = 4;

  private static final int LONGEST_EAGER_PIECE = 32;

  private final RowBatcher<Piece, Answer> batcher;
  private final List<Row> rows = new ArrayList<>();
  private final Listener listener;
  private final boolean eager;
  private final CompletableFuture<List<Answer>> result = new CompletableFuture<>();
  private int pieceTokens;

  /** Told of tokens as they come; called by the thread that runs batches. */
  @FunctionalInterface
  interface Listener {
    /**
     * More of a row.
     *
     * @return whether the row goes on; it ends as if it had drawn a stop token otherwise
     */
    boolean more(int row, Answer piece);
  }

  /** A row and what was generated of it. */
  private static final class Row {
    private final int index;
    private final Ask ask;
    private final int most;
    private int[] ids = {};
    private float[] logps = {};
    private int finish = GenerateGraph.LENGTH;
    private boolean open;

    Row(int index, Ask ask, int window) {
      this.index = index;
      this.ask = ask;
      this.most = Math.min(ask.maxNewTokens(), window - ask.ids().length);
      this.open = most > 0;
    }

    Ask next(int tokens) {
      return new Ask(
          Ints.concat(ask.ids(), ids),
          ask.temperature(),
          ask.topK(),
          ask.topP(),
          ask.seed(),
          Math.min(tokens, most - ids.length));
    }

    void add(Answer piece, Listener listener) {
      ids = Ints.concat(ids, piece.ids());
      logps = Floats.concat(logps, piece.logps());
      boolean stopped = piece.finishReason() == GenerateGraph.STOP;
      if (!listener.more(index, piece) || stopped) {
        finish = GenerateGraph.STOP;
        open = false;
      } else if (ids.length >= most) {
        open = false;
      } else if (piece.ids().length == 0) {
        throw new IllegalStateException(
            "row " + index + " got no token but may have " + (most - ids.length) + " more");
      }
    }

    Answer answer() {
      return new Answer(ids, logps, finish);
    }
  }

  private Generation(
      RowBatcher<Piece, Answer> batcher, List<Ask> asks, Manner manner, Listener listener) {
    this.batcher = batcher;
    this.listener = listener;
    this.eager = manner.eager();
    this.pieceTokens = manner.pieceTokens();
    for (int i = 0; i < asks.size(); i++) {
      rows.add(new Row(i, asks.get(i), manner.window()));
    }
  }

  /** How rows run. */
  record Manner(int window, int pieceTokens, boolean eager) {
    /** Rows that nobody watches, in pieces of so many tokens. */
    static Manner unwatched(int window, int pieceTokens) {
      return new Manner(window, pieceTokens, false);
    }

    /** Rows whose tokens someone watches: short pieces first. */
    static Manner watched(int window) {
      return new Manner(window, FIRST_PIECE, true);
    }
  }

  /**
   * Starts rows. Cancelling the future ends them after their current piece.
   *
   * @throws ServingException if the queue is full or there are too many rows
   */
  static CompletableFuture<List<Answer>> start(
      RowBatcher<Piece, Answer> batcher, List<Ask> asks, Manner manner, Listener listener) {
    return new Generation(batcher, asks, manner, listener).begin();
  }

  private CompletableFuture<List<Answer>> begin() {
    List<Row> open = open();
    if (open.isEmpty()) {
      finish();
    } else {
      follow(open, batcher.submit(pieces(open)));
    }
    return result;
  }

  private List<Row> open() {
    return rows.stream().filter(row -> row.open).toList();
  }

  private List<Piece> pieces(List<Row> open) {
    return open.stream().map(row -> new Piece(row.next(pieceTokens), eager)).toList();
  }

  private void follow(List<Row> open, CompletableFuture<List<Answer>> pieces) {
    Completion.then(result, (answers, error) -> pieces.cancel(false));
    Completion.then(
        pieces,
        (answers, error) -> {
          try {
            if (error != null) {
              result.completeExceptionally(error);
            } else if (!result.isDone()) {
              goOn(open, answers);
            }
          } catch (RuntimeException e) {
            // Else it would vanish in the future that nobody reads.
            result.completeExceptionally(e);
          }
        });
  }

  private void goOn(List<Row> open, List<Answer> answers) {
    for (int i = 0; i < open.size(); i++) {
      open.get(i).add(answers.get(i), listener);
    }
    List<Row> left = open();
    if (left.isEmpty()) {
      finish();
      return;
    }
    if (eager) {
      pieceTokens = Math.min(2 * pieceTokens, LONGEST_EAGER_PIECE);
    }
    follow(left, batcher.resume(pieces(left)));
  }

  private void finish() {
    result.complete(rows.stream().map(Row::answer).toList());
  }
}
