package org.etalon.training.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.etalon.savedmodels.serve.ConformanceServer;
import org.etalon.savedmodels.serve.ServerOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The conformance server of an exported model. */
@Command(
    name = "serve",
    description = {
      "Conformance server of an exported model: TensorFlow Serving's gRPC and REST interfaces,",
      "OpenAI's completions, and a page to talk to the model. It is not TensorFlow Serving.",
      "A new version folder takes over by itself; SIGTERM lets requests in progress end."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "The model's folder; its sub-folders named by numbers are versions.")
  private Path model;

  @Option(names = "--name", description = "What clients call it. Default: ${DEFAULT-VALUE}.")
  private String name = "etalon";

  @Option(
      names = "--xla",
      description = {
        "Serves the graph that XLA compiles, of an export with --xla: for each power of two of",
        "rows, prompt and answer the first request waits until it is compiled."
      })
  private boolean xla;

  @Option(
      names = "--host",
      description = "Address to listen at; 0.0.0.0: all. Default: ${DEFAULT-VALUE}.")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "gRPC; 0: any. Default: ${DEFAULT-VALUE}.")
  private int port = 8500;

  @Option(
      names = "--rest-port",
      description = "REST and the page; 0: any. Default: ${DEFAULT-VALUE}.")
  private int restPort = 8501;

  @Option(
      names = "--poll-seconds",
      description = "How often the folder is looked at. Default: ${DEFAULT-VALUE}.")
  private double pollSeconds = 1;

  @Option(
      names = "--max-batch-size",
      description = "Rows that run together, and of a request. Default: ${DEFAULT-VALUE}.")
  private int maxBatchSize = 16;

  @Option(
      names = "--batch-timeout-ms",
      description = "How long the oldest request waits for others. Default: ${DEFAULT-VALUE}.")
  private long batchTimeoutMillis = 5;

  @Option(
      names = "--allowed-batch-sizes",
      split = ",",
      paramLabel = "N",
      description = "Batches are filled up to one of these. Default: as they are.")
  private List<Integer> allowedBatchSizes = List.of();

  @Option(
      names = "--max-queued-rows",
      description = "Rows that may wait; more get UNAVAILABLE or 503. Default: ${DEFAULT-VALUE}.")
  private int maxQueuedRows = 1024;

  @Option(
      names = "--piece-tokens",
      description =
          "Tokens after which requests join and leave a batch. Default: ${DEFAULT-VALUE}.")
  private int pieceTokens = 256;

  @Option(
      names = "--max-new-tokens",
      description = "Most that a request may ask for; 0: the model's window.")
  private int maxNewTokens;

  @Option(
      names = "--max-message-mb",
      description = "Largest request, MiB. Default: ${DEFAULT-VALUE}.")
  private int maxMessageMb = 4;

  @Option(
      names = "--timeout-seconds",
      description = "Longest gRPC or streamed request. Default: ${DEFAULT-VALUE}.")
  private long timeoutSeconds = 600;

  @Option(
      names = "--rest-timeout-seconds",
      description = "Longest REST request. Default: ${DEFAULT-VALUE}.")
  private long restTimeoutSeconds = 30;

  @Option(
      names = "--drain-seconds",
      description = "What requests in progress get at the end. Default: ${DEFAULT-VALUE}.")
  private long drainSeconds = 30;

  @Option(names = "--report", paramLabel = "FILE", description = "A run's report, for the page.")
  private Path report;

  @Override
  public Integer call() throws InterruptedException {
    ConformanceServer server = ConformanceServer.start(options(), LOG::info);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(server), "drain"));
    server.await();
    return 0;
  }

  private static void drain(ConformanceServer server) {
    server.close();
    LOG.info("stopped");
    // A JVM that a signal ends says 143, as if it had been cut off; this one was stopped in order.
    Runtime.getRuntime().halt(0);
  }

  private ServerOptions options() {
    return new ServerOptions(
        model,
        name,
        xla,
        host,
        port,
        restPort,
        Duration.ofMillis((long) (pollSeconds * 1000)),
        new ServerOptions.Batching(
            maxBatchSize, Duration.ofMillis(batchTimeoutMillis), maxQueuedRows, pieceTokens),
        allowedBatchSizes,
        new ServerOptions.Limits(
            Math.multiplyExact(maxMessageMb, 1 << 20),
            maxNewTokens,
            Duration.ofSeconds(timeoutSeconds),
            Duration.ofSeconds(restTimeoutSeconds)),
        Duration.ofSeconds(drainSeconds),
        Optional.ofNullable(report));
  }
}
