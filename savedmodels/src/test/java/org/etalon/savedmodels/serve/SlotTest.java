package org.etalon.savedmodels.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.serve.Generation.Manner;
import org.junit.jupiter.api.Test;

/** Batching with a model that runs when it is told to. */
class SlotTest {
  private static final int WINDOW = 1000;

  private final Semaphore turns = new Semaphore(0);
  private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
  private final ServerMetrics metrics = new ServerMetrics();

  /** Counts up from the last token of each row. */
  private List<Answer> run(List<Piece> pieces) {
    turns.acquireUninterruptibly();
    batches.add(pieces.size());
    return pieces.stream()
        .map(
            piece -> {
              int n = piece.ask().maxNewTokens();
              int[] ids = new int[n];
              int[] prompt = piece.ask().ids();
              for (int i = 0; i < n; i++) {
                ids[i] = prompt[prompt.length - 1] + i + 1;
              }
              return new Answer(ids, new float[n], 1);
            })
        .toList();
  }

  private RowBatcher<Piece, Answer> batcher(int rows, int queued) {
    return new RowBatcher<>(
        "test", new RowBatcher.Options(rows, Duration.ZERO, queued), this::run, metrics.queue("q"));
  }

  private static CompletableFuture<List<Answer>> start(
      RowBatcher<Piece, Answer> batcher, int tokens) {
    return Generation.start(
        batcher,
        List.of(Ask.greedy(new int[] {0}, tokens)),
        Manner.unwatched(WINDOW, 8),
        (row, piece) -> true);
  }

  @Test
  void piecesMakeOneAnswer() throws Exception {
    try (var batcher = batcher(4, 4)) {
      turns.release(100);
      int[] ids = start(batcher, 20).get(10, TimeUnit.SECONDS).get(0).ids();
      assertEquals(20, ids.length);
      for (int i = 0; i < ids.length; i++) {
        assertEquals(i + 1, ids[i]);
      }
      assertEquals(List.of(1, 1, 1), batches);
    }
  }

  @Test
  void aCancelledRequestLeavesTheBatchAfterItsPiece() throws Exception {
    try (var batcher = batcher(4, 4)) {
      CompletableFuture<List<Answer>> gone = start(batcher, 800);
      ServerFixture.eventually(() -> metrics.running("q") == 1);
      CompletableFuture<List<Answer>> other = start(batcher, 16);
      gone.cancel(false);
      turns.release(100);
      other.get(10, TimeUnit.SECONDS);
      // The first piece of both, then of the other alone.
      assertEquals(List.of(1, 1, 1), batches);
      ServerFixture.eventually(() -> metrics.running("q") == 0);
    }
  }

  @Test
  void aCancelledRequestLeavesTheQueueAtOnce() throws Exception {
    try (var batcher = batcher(1, 1)) {
      CompletableFuture<List<Answer>> running = start(batcher, 8);
      ServerFixture.eventually(() -> metrics.running("q") == 1);
      CompletableFuture<List<Answer>> waiting = start(batcher, 8);
      assertEquals(1, metrics.waiting("q"));
      ServingException full = assertThrows(ServingException.class, () -> start(batcher, 8));
      assertEquals(Status.Code.UNAVAILABLE, full.code());
      assertEquals(503, full.http());
      waiting.cancel(false);
      assertEquals(0, metrics.waiting("q"));
      CompletableFuture<List<Answer>> next = start(batcher, 8);
      turns.release(100);
      assertEquals(8, running.get(10, TimeUnit.SECONDS).get(0).ids().length);
      assertEquals(8, next.get(10, TimeUnit.SECONDS).get(0).ids().length);
      assertEquals(List.of(1, 1), batches);
    }
  }

  @Test
  void newRequestsJoinBetweenPieces() throws Exception {
    try (var batcher = batcher(4, 4)) {
      CompletableFuture<List<Answer>> first = start(batcher, 24);
      ServerFixture.eventually(() -> metrics.running("q") == 1);
      CompletableFuture<List<Answer>> second = start(batcher, 8);
      turns.release(100);
      second.get(10, TimeUnit.SECONDS);
      first.get(10, TimeUnit.SECONDS);
      assertEquals(List.of(1, 2, 1), batches);
    }
  }

  @Test
  void aRequestsRowsStayTogether() throws Exception {
    try (var batcher = batcher(4, 16)) {
      CompletableFuture<List<Answer>> first = start(batcher, 8);
      ServerFixture.eventually(() -> metrics.running("q") == 1);
      List<Ask> three = Collections.nCopies(3, Ask.greedy(new int[] {0}, 8));
      List<CompletableFuture<List<Answer>>> others = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        others.add(
            Generation.start(batcher, three, Manner.unwatched(WINDOW, 8), (row, piece) -> true));
      }
      turns.release(100);
      for (CompletableFuture<List<Answer>> other : others) {
        assertEquals(3, other.get(10, TimeUnit.SECONDS).size());
      }
      first.get(10, TimeUnit.SECONDS);
      assertEquals(List.of(1, 3, 3), batches);
    }
  }

  @Test
  void aListenerEndsARow() throws Exception {
    try (var batcher = batcher(4, 4)) {
      turns.release(100);
      Answer answer =
          Generation.start(
                  batcher,
                  List.of(Ask.greedy(new int[] {0}, 800)),
                  Manner.unwatched(WINDOW, 8),
                  (row, piece) -> piece.ids()[0] < 8)
              .get(10, TimeUnit.SECONDS)
              .get(0);
      assertEquals(16, answer.ids().length);
      assertEquals(0, answer.finishReason());
    }
  }

  @Test
  void aFailingModelFailsItsRequestsAndServesTheNext() throws Exception {
    List<Integer> calls = new ArrayList<>();
    try (var batcher =
        new RowBatcher<Integer, Integer>(
            "failing",
            new RowBatcher.Options(1, Duration.ZERO, 4),
            rows -> {
              calls.add(1);
              if (calls.size() == 1) {
                throw new IllegalStateException("no memory");
              }
              return rows;
            },
            metrics.queue("f"))) {
      CompletableFuture<List<Integer>> first = batcher.submit(List.of(1));
      Exception e = assertThrows(Exception.class, () -> first.get(10, TimeUnit.SECONDS));
      assertTrue(e.getMessage().contains("no memory"));
      assertEquals(List.of(2), batcher.submit(List.of(2)).get(10, TimeUnit.SECONDS));
    }
  }
}
