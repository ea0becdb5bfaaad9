package org.etalon.savedmodels.serve;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.etalon.data.DataException;
import org.etalon.savedmodels.proto.ModelServiceGrpc;
import org.etalon.savedmodels.proto.PredictionServiceGrpc;

/**
 * The conformance server: serves an exported model over gRPC and REST as TensorFlow Serving would,
 * and in OpenAI's way, with a web page. It starts even if no version can be served yet.
 */
public final class ConformanceServer implements AutoCloseable {
  private final ServerOptions options;
  private final Consumer<String> log;
  private final ServerMetrics metrics = new ServerMetrics();
  private final HealthStatusManager health = new HealthStatusManager();
  private final ModelVersions versions;
  private final Server grpc;
  private final HttpFront http;
  private final RestHandler rest;
  private final OpenAiHandler openAi;
  private final WebPage page;
  private volatile boolean draining;

  private ConformanceServer(ServerOptions options, Consumer<String> log) throws IOException {
    this.options = options;
    this.log = log;
    health(false);
    // Ports first: a server that cannot listen need not load anything.
    this.http =
        new HttpFront(
            new InetSocketAddress(options.host(), options.restPort()),
            options.limits().messageBytes(),
            log);
    this.versions = new ModelVersions(options, metrics, log, this::health);
    Predictor predictor = new Predictor(versions, log);
    var service = new GrpcService(predictor, versions, metrics, options.limits().time());
    this.grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress(options.host(), options.port()))
            .maxInboundMessageSize(options.limits().messageBytes())
            .addService(PredictionServiceGrpc.bindService(service))
            .addService(ModelServiceGrpc.bindService(service))
            .addService(health.getHealthService())
            .build();
    this.rest = new RestHandler(predictor, versions, metrics, options.limits().restTime());
    this.openAi = new OpenAiHandler(versions, metrics, options);
    this.page = new WebPage(options.report());
  }

  /**
   * Loads the newest version, and listens.
   *
   * @param log told of what happens, one line each
   * @throws DataException if a port cannot be listened at
   */
  public static ConformanceServer start(ServerOptions options, Consumer<String> log) {
    ConformanceServer server = null;
    try {
      server = new ConformanceServer(options, log);
      server.grpc.start();
      server.http.start(server::route);
      log.accept(
          "conformance server of %s (not TensorFlow Serving): gRPC %s:%d, REST http://%s:%d"
              .formatted(
                  options.name(),
                  options.host(),
                  server.port(),
                  options.host(),
                  server.restPort()));
      return server;
    } catch (IOException e) {
      if (server != null) {
        server.close();
      }
      throw new DataException(
          "cannot listen at %s:%d and :%d (%s); choose other ports"
              .formatted(options.host(), options.port(), options.restPort(), e.getMessage()),
          e);
    }
  }

  private void health(boolean serving) {
    ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(PredictionServiceGrpc.SERVICE_NAME, status);
  }

  private void route(HttpCall call) throws IOException {
    if (draining) {
      call.json(503, Map.of("error", "the server is stopping; go elsewhere"));
    } else if (!openAi.handle(call) && !rest.handle(call) && !page.handle(call)) {
      call.text(404, "text/plain", "nothing is here; see /v1/models/NAME\n");
    }
  }

  /** Where gRPC is listened at. */
  public int port() {
    return grpc.getPort();
  }

  /** Where REST is listened at. */
  public int restPort() {
    return http.port();
  }

  /** What is counted, for tests. */
  ServerMetrics metrics() {
    return metrics;
  }

  /** The versions, for tests. */
  ModelVersions versions() {
    return versions;
  }

  /** Looks for new versions at once, as it does by itself now and then. */
  public void poll() {
    versions.poll();
  }

  /** Waits until the server is closed. */
  public void await() throws InterruptedException {
    grpc.awaitTermination();
  }

  /** Refuses new requests, lets those in progress end for the drain time, and unloads the model. */
  @Override
  public void close() {
    draining = true;
    health.enterTerminalState();
    grpc.shutdown();
    try {
      long end = System.nanoTime() + options.drain().toNanos();
      if (!grpc.awaitTermination(options.drain().toMillis(), TimeUnit.MILLISECONDS)) {
        log.accept("requests still in progress after the drain time are cut off");
        grpc.shutdownNow();
      }
      while (http.inProgress() > 0 && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      grpc.shutdownNow();
      Thread.currentThread().interrupt();
    }
    http.close();
    versions.close();
  }
}
