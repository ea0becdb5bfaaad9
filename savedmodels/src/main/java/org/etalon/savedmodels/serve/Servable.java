package org.etalon.savedmodels.serve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.serve.Generation.Manner;
import org.etalon.savedmodels.wire.Bounds;

/**
 * One loaded version and its batches. Requests hold it while they run; once it is retired it takes
 * no more, and is closed when the last has ended.
 */
final class Servable {
  private final long version;
  private final LoadedModel loaded;
  private final Bounds bounds;
  private final ServerOptions options;
  private final ServerMetrics metrics;
  private final RowBatcher<Piece, Answer> generator;
  private final RowBatcher<int[], float[]> scorer;
  private int holders;
  private Runnable whenClosed;

  /**
   * Puts a version into service.
   *
   * @param loaded closed with it
   */
  Servable(long version, LoadedModel loaded, ServerOptions options, ServerMetrics metrics) {
    this.version = version;
    this.loaded = loaded;
    this.options = options;
    this.metrics = metrics;
    int window = loaded.model().config().maxPositions();
    int most = options.limits().newTokens();
    this.bounds =
        new Bounds(
            loaded.model().config().vocabulary(),
            window,
            options.batching().maxRows(),
            most == 0 ? window : Math.min(most, window));
    RowBatcher.Options rows = options.batching().rows();
    this.generator =
        new RowBatcher<>("generate-" + version, rows, this::generate, metrics.queue("generate"));
    this.scorer = new RowBatcher<>("score-" + version, rows, this::score, metrics.queue("score"));
  }

  private List<Answer> generate(List<Piece> pieces) {
    int longest =
        pieces.stream()
            .filter(Piece::eager)
            .mapToInt(piece -> piece.ask().maxNewTokens())
            .min()
            .orElse(Integer.MAX_VALUE);
    List<Ask> asks = new ArrayList<>();
    pieces.forEach(piece -> asks.add(piece.limited(longest)));
    asks.addAll(
        Collections.nCopies(filling(pieces.size()), Ask.greedy(new int[] {loaded.padId()}, 0)));
    List<Answer> answers = loaded.model().generate(asks).subList(0, pieces.size());
    metrics.generated(answers.stream().mapToLong(answer -> answer.ids().length).sum());
    return answers;
  }

  private List<float[]> score(List<int[]> texts) {
    List<int[]> rows = new ArrayList<>(texts);
    rows.addAll(Collections.nCopies(filling(texts.size()), new int[] {loaded.padId()}));
    return loaded.model().score(rows).subList(0, texts.size());
  }

  /** Rows that are missing up to an allowed size of a batch. */
  private int filling(int rows) {
    return options.allowedBatchSizes().stream()
            .filter(size -> size >= rows)
            .findFirst()
            .orElse(rows)
        - rows;
  }

  /** Generates; cancelling the future ends its rows after their current piece. */
  CompletableFuture<List<Answer>> generated(List<Ask> asks) {
    int tokens = options.batching().pieceTokens();
    return generated(asks, Manner.unwatched(bounds.window(), tokens), (row, piece) -> true);
  }

  /** Generates in such a manner, and tells of tokens as they come. */
  CompletableFuture<List<Answer>> generated(
      List<Ask> asks, Manner manner, Generation.Listener listener) {
    metrics.prompted(asks.stream().mapToLong(ask -> ask.ids().length).sum());
    return Generation.start(generator, asks, manner, listener);
  }

  /** Log-probabilities of texts. */
  CompletableFuture<List<float[]>> scored(List<int[]> texts) {
    return scorer.submit(texts);
  }

  long version() {
    return version;
  }

  /** What was in its folder. */
  LoadedModel loaded() {
    return loaded;
  }

  /** What a request to this version may hold. */
  Bounds bounds() {
    return bounds;
  }

  /** Holds the version for a request; false if it is retired. */
  synchronized boolean acquire() {
    if (whenClosed != null) {
      return false;
    }
    holders++;
    return true;
  }

  /** Ends a hold; closes a retired version with the last. */
  void release() {
    boolean last;
    synchronized (this) {
      holders--;
      last = holders == 0 && whenClosed != null;
    }
    if (last) {
      closeAside();
    }
  }

  /**
   * Takes no more requests, and closes once none is left.
   *
   * @param closed runs then, in a thread of its own
   */
  void retire(Runnable closed) {
    boolean last;
    synchronized (this) {
      whenClosed = closed;
      last = holders == 0;
    }
    if (last) {
      closeAside();
    }
  }

  /** Aside, because the last request may end in the very thread that closing waits for. */
  private void closeAside() {
    Thread closer =
        new Thread(
            () -> {
              close();
              whenClosed.run();
            },
            "close-" + version);
    closer.setDaemon(true);
    closer.start();
  }

  private void close() {
    generator.close();
    scorer.close();
    loaded.close();
  }
}
