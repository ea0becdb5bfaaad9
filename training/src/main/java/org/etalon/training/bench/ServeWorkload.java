package org.etalon.training.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.etalon.data.DataException;
import org.etalon.graph.WeightType;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.savedmodels.client.ServingClient;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.tensorflow.proto.RunMetadata;

/**
 * A plan's responses twice: from a server that parallel clients ask, one client a slot, and from
 * the rollout engine. A round is the server's; which of both goes first alternates.
 */
final class ServeWorkload implements Workload {
  private final Program program;
  private final RolloutPlan plan;
  private final Sampling sampling;
  private final Rollouts engine;
  private final Work work;
  private final LocalServer server;
  private final List<ServingClient> clients = new ArrayList<>();
  private final ExecutorService threads;
  private boolean engineFirst;

  /**
   * @param program of the engine, whose weights are served; closed with the workload
   * @param plan one response to each prompt
   * @param weights how the program holds its matrices
   */
  ServeWorkload(Program program, RolloutPlan plan, WeightType weights, Sampling sampling) {
    this.program = program;
    this.plan = plan;
    this.sampling = sampling;
    this.engine = new Rollouts(program, plan);
    this.work = plan.work(program.config(), weights);
    this.server = new LocalServer(program, weights, plan.slots());
    this.threads = Executors.newFixedThreadPool(plan.slots());
    for (int i = 0; i < plan.slots(); i++) {
      clients.add(server.connect());
    }
  }

  @Override
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("clients", plan.slots());
    facts.put("requests", plan.prompts().size());
    facts.put("prompt_tokens", plan.prompt());
    facts.put("tokens_per_request", plan.longest());
    facts.put("temperature", sampling.temperature());
    return facts;
  }

  @Override
  public Round round() {
    engineFirst = !engineFirst;
    double engineSeconds = engineFirst ? engineSeconds() : 0;
    double busy = server.busySeconds();
    long start = System.nanoTime();
    double[] latencies = ask();
    double seconds = (System.nanoTime() - start) / 1e9;
    busy = server.busySeconds() - busy;
    engineSeconds = engineFirst ? engineSeconds : engineSeconds();
    Map<String, Double> values = new LinkedHashMap<>();
    Arrays.sort(latencies);
    values.put("latency_p50_seconds", percentile(latencies, 0.5));
    values.put("latency_p95_seconds", percentile(latencies, 0.95));
    values.put("latency_p99_seconds", percentile(latencies, 0.99));
    values.put("engine_tokens_per_second", work.tokens() / engineSeconds);
    values.put("share_of_engine", engineSeconds / seconds);
    return new Round(work, seconds, busy, values);
  }

  private double engineSeconds() {
    long start = System.nanoTime();
    engine.generate(sampling, tokens -> {});
    return (System.nanoTime() - start) / 1e9;
  }

  /** Nearest rank: the least value that so large a share does not exceed. */
  static double percentile(double[] rising, double share) {
    return rising[(int) Math.ceil(share * rising.length) - 1];
  }

  /** Has all clients ask; each request's seconds. */
  private double[] ask() {
    List<Callable<double[]>> calls = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      int client = i;
      calls.add(() -> ask(client));
    }
    try {
      List<double[]> seconds = new ArrayList<>();
      for (Future<double[]> future : threads.invokeAll(calls)) {
        seconds.add(future.get());
      }
      return seconds.stream().flatMapToDouble(Arrays::stream).toArray();
    } catch (ExecutionException e) {
      throw new DataException("a request failed: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted", e);
    }
  }

  /** One client's requests, one after another. */
  private double[] ask(int client) {
    int requests = plan.prompts().size() / clients.size();
    double[] seconds = new double[requests];
    for (int i = 0; i < requests; i++) {
      int index = i * clients.size() + client;
      int tokens = plan.lengths().get(index);
      Ask ask =
          new Ask(
              plan.prompts().get(index),
              (float) sampling.temperature(),
              sampling.topK(),
              (float) sampling.topP(),
              index,
              tokens);
      long start = System.nanoTime();
      int got = clients.get(client).generate(List.of(ask)).get(0).ids().length;
      seconds[i] = (System.nanoTime() - start) / 1e9;
      if (got != tokens) {
        throw new IllegalStateException(
            "request %d should have %d tokens, got %d".formatted(index, tokens, got));
      }
    }
    return seconds;
  }

  @Override
  public Program program() {
    return program;
  }

  @Override
  public void trace(Consumer<RunMetadata> consumer) {
    throw new DataException("--trace: what a server runs is not traced; leave it out");
  }

  @Override
  public void close() {
    threads.shutdownNow();
    clients.forEach(ServingClient::close);
    server.close();
    program.close();
  }
}
