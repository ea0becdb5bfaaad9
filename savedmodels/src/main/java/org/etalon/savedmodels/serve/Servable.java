package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.etalon.data.DataException;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.serve.Generation.Manner;
import org.etalon.savedmodels.wire.Bounds;
import org.etalon.savedmodels.wire.ModelRequests;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

/**
 * One loaded version and its batches. Requests hold it while they run; once it is retired it takes
 * no more, and is closed when the last has ended.
 */
final class Servable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String EXTRA = "assets.extra";

  private final long version;
  private final ServedModel model;
  private final ImmutableMap<String, SignatureDef> signatures;
  private final TokenizerFile tokenizer;
  private final Optional<ChatTemplate> template;
  private final int padId;
  private final List<Integer> stopIds;
  private final Bounds bounds;
  private final ServerOptions options;
  private final ServerMetrics metrics;
  private final RowBatcher<Piece, Answer> generator;
  private final RowBatcher<int[], float[]> scorer;
  private int holders;
  private Runnable whenClosed;

  private Servable(Path folder, long version, ServerOptions options, ServerMetrics metrics) {
    this.version = version;
    this.options = options;
    this.metrics = metrics;
    this.tokenizer = TokenizerFile.load(folder.resolve(EXTRA));
    try {
      this.template = ChatTemplate.find(tokenizer);
      this.model = ServedModel.load(folder);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
    try {
      this.signatures = signatures(folder.resolve("saved_model.pb"));
      JsonNode node = facts(folder.resolve(EXTRA).resolve("model.json"));
      this.padId = node.path("pad_id").asInt();
      this.stopIds = new ArrayList<>();
      node.path("stop_ids").forEach(id -> stopIds.add(id.asInt()));
    } catch (RuntimeException e) {
      tokenizer.close();
      model.close();
      throw e;
    }
    int window = model.config().maxPositions();
    int most = options.limits().newTokens();
    this.bounds =
        new Bounds(
            model.config().vocabulary(),
            window,
            options.batching().maxRows(),
            most == 0 ? window : Math.min(most, window));
    RowBatcher.Options rows = options.batching().rows();
    this.generator =
        new RowBatcher<>("generate-" + version, rows, this::generate, metrics.queue("generate"));
    this.scorer = new RowBatcher<>("score-" + version, rows, this::score, metrics.queue("score"));
  }

  /**
   * Loads a version and runs its recorded requests, or a small one of each kind if it has none.
   *
   * @throws DataException if it is no export of Etalon, damaged, or fails its first requests
   */
  static Servable load(Path folder, long version, ServerOptions options, ServerMetrics metrics) {
    Servable servable = new Servable(folder, version, options, metrics);
    try {
      servable.warmUp(WarmupFile.read(folder.resolve(EXTRA).resolve(WarmupFile.NAME)));
      return servable;
    } catch (RuntimeException e) {
      servable.close();
      throw new DataException(
          folder + ": its first requests fail (" + e.getMessage() + "); export the model again", e);
    }
  }

  private void warmUp(List<PredictRequest> requests) {
    // Wider than what clients may send: the file is the exporter's.
    Bounds wide =
        new Bounds(bounds.vocabulary(), bounds.window(), Integer.MAX_VALUE, Integer.MAX_VALUE);
    for (PredictRequest request : requests) {
      if (request.getModelSpec().getSignatureName().equals(ModelRequests.SCORE)) {
        model.score(ModelRequests.texts(request, wide));
      } else {
        model.generate(ModelRequests.asks(request, wide));
      }
    }
    if (requests.isEmpty()) {
      model.generate(List.of(Ask.greedy(new int[] {padId}, 1)));
      model.score(List.of(new int[] {padId, padId}));
    }
  }

  private static ImmutableMap<String, SignatureDef> signatures(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return ImmutableMap.copyOf(SavedModel.parseFrom(in).getMetaGraphs(0).getSignatureDefMap());
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
  }

  /** The facts that the loader has checked already. */
  private static JsonNode facts(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
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
    asks.addAll(Collections.nCopies(filling(pieces.size()), Ask.greedy(new int[] {padId}, 0)));
    List<Answer> answers = model.generate(asks).subList(0, pieces.size());
    metrics.generated(answers.stream().mapToLong(answer -> answer.ids().length).sum());
    return answers;
  }

  private List<float[]> score(List<int[]> texts) {
    List<int[]> rows = new ArrayList<>(texts);
    rows.addAll(Collections.nCopies(filling(texts.size()), new int[] {padId}));
    return model.score(rows).subList(0, texts.size());
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

  ImmutableMap<String, SignatureDef> signatures() {
    return signatures;
  }

  TokenizerFile tokenizer() {
    return tokenizer;
  }

  Optional<ChatTemplate> template() {
    return template;
  }

  int padId() {
    return padId;
  }

  /** Tokens that end a row. */
  List<Integer> stopIds() {
    return stopIds;
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
    tokenizer.close();
    model.close();
  }
}
