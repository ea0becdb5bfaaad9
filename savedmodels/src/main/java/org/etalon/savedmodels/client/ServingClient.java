package org.etalon.savedmodels.client;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.etalon.data.DataException;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;

/**
 * A model served elsewhere, by one server or several of the same model. Requests go to them in
 * turns; what a server cannot take now goes to the next, with jittered waits, until the time of the
 * request is over. Only UNAVAILABLE is tried again. Safe for use from many threads.
 */
public final class ServingClient implements AutoCloseable {
  private final List<Transport> transports;
  private final Retry<Transport> retry;
  private final Duration timeout;

  private ServingClient(List<Transport> transports, Duration timeout) {
    this.transports = transports;
    this.retry = new Retry<>(transports, Thread::sleep);
    this.timeout = timeout;
  }

  /**
   * A client of some addresses; nothing is sent yet.
   *
   * @param addresses {@code HOST:PORT} for gRPC, {@code http://HOST:PORT} for REST
   * @param model its name there
   * @param timeout of each request, all attempts together
   * @throws DataException if an address is malformed
   */
  public static ServingClient connect(List<String> addresses, String model, Duration timeout) {
    if (addresses.isEmpty()) {
      throw new DataException("a server's address is needed: HOST:PORT or http://HOST:PORT");
    }
    return new ServingClient(
        addresses.stream().map(address -> transport(address.strip(), model)).toList(), timeout);
  }

  private static Transport transport(String address, String model) {
    if (address.matches("https?://[^/\\s]+/?")) {
      return new RestTransport(address.replaceFirst("/$", ""), model);
    }
    if (address.matches("[^/:\\s]+:[0-9]{1,5}|\\[[0-9a-fA-F:]+]:[0-9]{1,5}")) {
      return new GrpcTransport(address, model);
    }
    throw new DataException(
        "a server's address is HOST:PORT for gRPC or http://HOST:PORT for REST, got " + address);
  }

  /**
   * Generates for rows, in one request.
   *
   * @throws ServerException if no server answers, or one refuses
   */
  public List<Answer> generate(List<Ask> asks) {
    return asks.isEmpty()
        ? List.of()
        : retry.call(timeout, (server, left) -> server.generate(asks, left));
  }

  /**
   * Log-probabilities of texts, one fewer than tokens, nats.
   *
   * @throws ServerException if no server answers, or one refuses
   */
  public List<float[]> score(List<int[]> texts) {
    return texts.isEmpty()
        ? List.of()
        : retry.call(timeout, (server, left) -> server.score(texts, left));
  }

  /**
   * Generates one row piece by piece, each request going on from what came before. The tokens are
   * those of one request: random numbers are keyed by seed and position.
   *
   * @param pieceTokens tokens of a request
   * @param more told of each piece; false ends the row
   * @return the whole row
   * @throws ServerException if no server answers, or one refuses
   */
  public Answer stream(Ask ask, int pieceTokens, Predicate<Answer> more) {
    if (pieceTokens < 1) {
      throw new IllegalArgumentException("a piece has at least 1 token, got " + pieceTokens);
    }
    GrowingAnswer row = GrowingAnswer.of(ask);
    boolean goesOn = true;
    while (goesOn && !row.ended()) {
      Answer piece = generate(List.of(row.next(pieceTokens))).get(0);
      row = row.plus(piece, pieceTokens);
      goesOn = more.test(piece);
    }
    return row.answer();
  }

  @Override
  public void close() {
    transports.forEach(Transport::close);
  }
}
