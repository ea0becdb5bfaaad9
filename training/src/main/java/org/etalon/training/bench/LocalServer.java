package org.etalon.training.bench;

import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.Program;
import org.etalon.savedmodels.client.ServingClient;
import org.etalon.savedmodels.export.SavedModelExporter;
import org.etalon.savedmodels.serve.ConformanceServer;
import org.etalon.savedmodels.serve.ServerOptions;

/**
 * A conformance server of a program's weights, in this process and on this machine alone. Its model
 * has no stop tokens.
 */
final class LocalServer implements AutoCloseable {
  private static final String NAME = "bench";
  private static final Duration TIME = Duration.ofMinutes(30);

  private final Path folder;
  private final ConformanceServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Exports and serves.
   *
   * @param weights how the program holds its matrices
   * @param rows that run together at the most
   * @throws DataException if the disk refuses
   */
  LocalServer(Program program, WeightType weights, int rows) {
    try {
      folder = Files.createTempDirectory("etalon-bench");
    } catch (IOException e) {
      throw new DataException("no temporary folder (" + e + "); check the disk", e);
    }
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      new SavedModelExporter(program.config(), List.of(), tokenizer.padId(), weights)
          .write(folder, 1, Bundle.of(program)::save, tokenizer, Map.of());
      ServerOptions options = ServerOptions.local(folder, NAME);
      var usual = options.batching();
      var batching =
          new ServerOptions.Batching(
              Math.max(rows, usual.maxRows()),
              usual.longestWait(),
              Math.max(rows, usual.maxQueuedRows()),
              usual.pieceTokens());
      var limits = options.limits();
      server =
          ConformanceServer.start(
              options
                  .withBatching(batching)
                  .withLimits(
                      new ServerOptions.Limits(limits.messageBytes(), 0, TIME, limits.restTime())),
              line -> {});
    } catch (RuntimeException e) {
      delete();
      throw e;
    }
  }

  /** A client over gRPC; the caller closes. */
  ServingClient connect() {
    return ServingClient.connect(List.of("127.0.0.1:" + server.port()), NAME, TIME);
  }

  /** Seconds in which batches ran, up to now. */
  double busySeconds() {
    URI metrics =
        URI.create("http://127.0.0.1:" + server.restPort() + "/monitoring/prometheus/metrics");
    String name = "etalon_batch_seconds_total{queue=\"generate\"} ";
    try {
      return http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofLines())
          .body()
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
          .sum();
    } catch (IOException e) {
      throw new DataException("the server's metrics cannot be read (" + e + ")", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted", e);
    }
  }

  @Override
  public void close() {
    server.close();
    delete();
  }

  private void delete() {
    try {
      MoreFiles.deleteRecursively(folder);
    } catch (IOException e) {
      throw new DataException(folder + ": cannot be deleted (" + e + "); delete it", e);
    }
  }
}
