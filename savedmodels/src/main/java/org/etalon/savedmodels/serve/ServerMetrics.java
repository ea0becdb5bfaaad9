package org.etalon.savedmodels.serve;

import io.grpc.Status;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;

/** What the server counts, in Prometheus' text format. Each server has its own. */
final class ServerMetrics {
  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final PrometheusTextFormatWriter WRITER = PrometheusTextFormatWriter.create();

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests =
      Counter.builder()
          .name("etalon_requests_total")
          .help("Requests answered, by method and gRPC code.")
          .labelNames("method", "code")
          .register(registry);
  private final Histogram seconds =
      Histogram.builder()
          .name("etalon_request_seconds")
          .help("From a request's arrival to its answer.")
          .labelNames("method")
          .classicOnly()
          .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
          .register(registry);
  private final Gauge waiting =
      Gauge.builder()
          .name("etalon_rows_waiting")
          .help("Rows in the queue.")
          .labelNames("queue")
          .register(registry);
  private final Gauge running =
      Gauge.builder()
          .name("etalon_rows_running")
          .help("Rows of the batch that runs now.")
          .labelNames("queue")
          .register(registry);
  private final Histogram batches =
      Histogram.builder()
          .name("etalon_batch_rows")
          .help("Rows of each batch.")
          .labelNames("queue")
          .classicOnly()
          .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128)
          .register(registry);
  private final Counter busy =
      Counter.builder()
          .name("etalon_batch_seconds_total")
          .help("Seconds in which a batch ran.")
          .labelNames("queue")
          .register(registry);
  private final Counter prompted =
      Counter.builder()
          .name("etalon_prompt_tokens_total")
          .help("Tokens of prompts.")
          .register(registry);
  private final Counter generated =
      Counter.builder()
          .name("etalon_generated_tokens_total")
          .help("Tokens generated.")
          .register(registry);
  private final Gauge version =
      Gauge.builder()
          .name("etalon_model_version")
          .help("Version that new requests get; 0: none.")
          .register(registry);

  /** The gauges of one queue. */
  record Queue(ServerMetrics metrics, String name) {
    void waiting(int rows) {
      metrics.waiting.labelValues(name).set(rows);
    }

    void running(int rows) {
      metrics.running.labelValues(name).set(rows);
      if (rows > 0) {
        metrics.batches.labelValues(name).observe(rows);
      }
    }

    /**
     * A batch has run.
     *
     * @param since System.nanoTime() at its start
     */
    void ran(long since) {
      running(0);
      metrics.busy.labelValues(name).inc((System.nanoTime() - since) / 1e9);
    }
  }

  Queue queue(String name) {
    return new Queue(this, name);
  }

  /**
   * An answered request.
   *
   * @param since System.nanoTime() at its arrival
   */
  void answered(String method, Status.Code code, long since) {
    requests.labelValues(method, code.name()).inc();
    seconds.labelValues(method).observe((System.nanoTime() - since) / 1e9);
  }

  void prompted(long tokens) {
    prompted.inc(tokens);
  }

  void generated(long tokens) {
    generated.inc(tokens);
  }

  void version(long number) {
    version.set((double) number);
  }

  /** Rows of a queue's batch that runs now. */
  double running(String queue) {
    return running.labelValues(queue).get();
  }

  /** Rows that wait in a queue. */
  double waiting(String queue) {
    return waiting.labelValues(queue).get();
  }

  void write(OutputStream out) throws IOException {
    WRITER.write(out, registry.scrape());
  }
}
