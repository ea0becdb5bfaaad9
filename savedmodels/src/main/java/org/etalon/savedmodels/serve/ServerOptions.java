package org.etalon.savedmodels.serve;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;

/**
 * What a server serves, where, and within which limits.
 *
 * @param base the model's folder; its sub-folders named by numbers are versions
 * @param name what clients call the model
 * @param xla whether the graph is loaded that XLA compiles, once for each power of two of rows,
 *     prompt and answer; the plain one otherwise
 * @param host address to listen at
 * @param port for gRPC; 0 for any
 * @param restPort for REST and the web page; 0 for any
 * @param poll how often the folder is looked at
 * @param batching how rows of requests are gathered
 * @param allowedBatchSizes batches are filled up to one of these with rows that are thrown away;
 *     none: they run as they are
 * @param limits what a request may cost
 * @param drain how long requests in progress may take to end when the server stops
 * @param report a run's report that the web page links to
 */
public record ServerOptions(
    Path base,
    String name,
    boolean xla,
    String host,
    int port,
    int restPort,
    Duration poll,
    Batching batching,
    List<Integer> allowedBatchSizes,
    Limits limits,
    Duration drain,
    Optional<Path> report) {
  /**
   * How rows of requests are gathered.
   *
   * @param maxRows rows that run together, and of one request at the most
   * @param longestWait how long the oldest request waits for others
   * @param maxQueuedRows rows that may wait; more are refused
   * @param pieceTokens tokens after which requests join and leave a batch
   */
  public record Batching(int maxRows, Duration longestWait, int maxQueuedRows, int pieceTokens) {
    public Batching {
      require(maxRows >= 1, "--max-batch-size must be at least 1, got " + maxRows);
      require(
          !longestWait.isNegative(),
          "--batch-timeout-ms must be at least 0, got " + longestWait.toMillis());
      require(
          maxQueuedRows >= maxRows,
          "--max-queued-rows must be at least --max-batch-size, got " + maxQueuedRows);
      require(pieceTokens >= 1, "--piece-tokens must be at least 1, got " + pieceTokens);
    }

    /** The defaults. */
    public static Batching defaults() {
      return new Batching(16, Duration.ofMillis(5), 1024, 256);
    }

    RowBatcher.Options rows() {
      return new RowBatcher.Options(maxRows, longestWait, maxQueuedRows);
    }
  }

  /**
   * What a request may cost.
   *
   * @param messageBytes of one message or body
   * @param newTokens to generate for a prompt; 0: as many as the model's window holds
   * @param time of a gRPC or streaming request
   * @param restTime of a REST request; TensorFlow Serving's default is 30 s
   */
  public record Limits(int messageBytes, int newTokens, Duration time, Duration restTime) {
    public Limits {
      require(messageBytes >= 1024, "--max-message-mb must be positive, got " + messageBytes);
      require(newTokens >= 0, "--max-new-tokens must be at least 0, got " + newTokens);
      require(time.toMillis() > 0, "--timeout-seconds must be positive, got " + time);
      require(restTime.toMillis() > 0, "--rest-timeout-seconds must be positive, got " + restTime);
    }

    /** The defaults. */
    public static Limits defaults() {
      return new Limits(4 << 20, 0, Duration.ofMinutes(10), Duration.ofSeconds(30));
    }
  }

  public ServerOptions {
    allowedBatchSizes = ImmutableList.copyOf(allowedBatchSizes);
    require(name.matches("[A-Za-z0-9_.-]+"), "--name is letters, digits, _ . -; got " + name);
    for (int p : List.of(port, restPort)) {
      require(p >= 0 && p < 65536, "a port is 0 to 65535, got " + p);
    }
    require(poll.toMillis() > 0, "the folder must be looked at now and then, got " + poll);
    int before = 0;
    for (int size : allowedBatchSizes) {
      require(size > before, "--allowed-batch-sizes must rise, got " + allowedBatchSizes);
      before = size;
    }
    // As TensorFlow Serving has it: otherwise a batch could have no size.
    require(
        allowedBatchSizes.isEmpty() || before == batching.maxRows(),
        "the last of --allowed-batch-sizes must be --max-batch-size " + batching.maxRows());
  }

  /** A server of a folder on this machine alone, at any free ports. */
  public static ServerOptions local(Path base, String name) {
    return new ServerOptions(
        base,
        name,
        false,
        "127.0.0.1",
        0,
        0,
        Duration.ofSeconds(1),
        Batching.defaults(),
        List.of(),
        Limits.defaults(),
        Duration.ofSeconds(30),
        Optional.empty());
  }

  /** The same with the graph that XLA compiles, or the plain one. */
  public ServerOptions withXla(boolean on) {
    return with(on, poll, batching, allowedBatchSizes, limits, report);
  }

  /** The same with other batching. */
  public ServerOptions withBatching(Batching other) {
    return with(xla, poll, other, allowedBatchSizes, limits, report);
  }

  /** The same with other limits. */
  public ServerOptions withLimits(Limits other) {
    return with(xla, poll, batching, allowedBatchSizes, other, report);
  }

  /** The same with other sizes of batches. */
  public ServerOptions withAllowedBatchSizes(List<Integer> sizes) {
    return with(xla, poll, batching, sizes, limits, report);
  }

  /** The same, looking at the folder so often. */
  public ServerOptions withPoll(Duration other) {
    return with(xla, other, batching, allowedBatchSizes, limits, report);
  }

  /** The same with a run's report beside the page. */
  public ServerOptions withReport(Path file) {
    return with(xla, poll, batching, allowedBatchSizes, limits, Optional.of(file));
  }

  private ServerOptions with(
      boolean compiled,
      Duration looks,
      Batching rows,
      List<Integer> sizes,
      Limits costs,
      Optional<Path> page) {
    return new ServerOptions(
        base, name, compiled, host, port, restPort, looks, rows, sizes, costs, drain, page);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new DataException(message);
    }
  }
}
