package org.etalon.training.fleet;

import com.google.common.collect.Maps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.etalon.data.DataException;
import org.etalon.graph.WeightType;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.graph.program.Bundle;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutStats;
import org.etalon.graph.rollout.Rollouts;
import org.etalon.savedmodels.client.Fleet;
import org.etalon.savedmodels.client.ServerException;
import org.etalon.savedmodels.export.SavedModelExporter;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.export.VersionSeries;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.FleetSettings;
import org.etalon.training.config.Precision;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.RolloutSource;
import org.etalon.training.policy.Seeds;
import org.etalon.training.run.FolderLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fleet of servers as the source of a policy's responses. The weights are published as the next
 * version of a model that the servers watch, and every request names that version: no response
 * mixes two, and its log-probabilities are those of the weights that drew it. A response's random
 * numbers are keyed by the sampling's seed and its own key, so that they do not depend on the
 * server; they are not those of the engine in this process.
 */
public final class FleetSource implements RolloutSource {
  private static final Logger LOG = LoggerFactory.getLogger(FleetSource.class);

  private final Configuration configuration;
  private final FleetSettings settings;
  private final FolderLock lock;
  private final Bundle bundle;
  private final VersionSeries series;
  private final Fleet fleet;
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private long version;
  private long steps;
  private boolean outdated = true;

  /** The source that a configuration wants for a policy; the caller closes it before the policy. */
  public static RolloutSource of(Configuration configuration, Policy policy) {
    return configuration.fleet().hasServers()
        ? new FleetSource(configuration, policy)
        : policy.engine();
  }

  private FleetSource(Configuration configuration, Policy policy) {
    this.configuration = configuration;
    this.settings = configuration.fleet();
    Path models = Path.of(settings.models());
    this.lock = FolderLock.hold(models, "fleet.models");
    try {
      Program program = policy.program();
      WeightType type = weightType(program, settings);
      this.bundle = Bundle.of(program, type);
      var exporter =
          new SavedModelExporter(
              program.config(), policy.stopIds(), policy.tokenizer().padId(), type);
      this.series = new VersionSeries(models, exporter, policy.tokenizer());
      this.fleet = Fleet.connect(settings.servers(), settings.name(), options(), this::warn);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Weights that are rounded already stay so. */
  private static WeightType weightType(Program program, FleetSettings settings) {
    boolean rounded =
        program.weightType() == WeightType.BFLOAT16 || settings.weights() == Precision.BFLOAT16;
    return rounded ? WeightType.BFLOAT16 : WeightType.FLOAT32;
  }

  private Fleet.Options options() {
    return new Fleet.Options(
        settings.rows(),
        settings.requests(),
        settings.pieceTokens(),
        Duration.ofSeconds(settings.timeoutSeconds()),
        Duration.ofSeconds(settings.loadSeconds()));
  }

  private void warn(String line) {
    LOG.warn("fleet: {}", line);
  }

  @Override
  public void renew() {
    outdated = true;
    figures.clear();
    publish(Map.of());
    figures.put("fleet/version", version);
    figures.put("fleet/staleness", 0L);
  }

  @Override
  public void advance(long now) {
    figures.clear();
    if (outdated || now - steps > settings.staleness()) {
      publish(Map.of("optimizer_steps", now));
      steps = now;
      outdated = false;
    }
    figures.put("fleet/version", version);
    figures.put("fleet/staleness", now - steps);
  }

  private void publish(Map<String, ?> more) {
    long began = System.nanoTime();
    Map<String, Object> facts = new LinkedHashMap<>(more);
    facts.put("configuration_sha256", configuration.hash());
    version = series.publish(bundle::save, facts);
    figures.put("fleet/publish_seconds", seconds(began));
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataException caused by a {@link ServerException}, if no server serves the version in
   *     time, or one says that a request is wrong
   */
  @Override
  public Rollouts rollouts(
      List<Request> requests,
      int longest,
      int maxNewTokens,
      int slots,
      Sampling sampling,
      LongConsumer progress) {
    if (version == 0) {
      throw new IllegalStateException("nothing is published yet: call renew() or advance() first");
    }
    long began = System.nanoTime();
    List<Ask> asks = requests.stream().map(request -> ask(request, sampling)).toList();
    Fleet.Outcome outcome;
    try {
      outcome = fleet.generate(asks, version, progress);
    } catch (ServerException e) {
      String remedy =
          e.isRefusal()
              ? "; set fleet.rows, fleet.pieceTokens or the servers' own limits"
              : "; start servers of "
                  + settings.models()
                  + ", or set fleet.servers (none: in this process) or fleet.loadSeconds";
      throw new DataException(e.getMessage() + remedy, e);
    }
    List<Completion> completions = new ArrayList<>();
    outcome.answers().forEach(answer -> completions.add(completion(answer)));
    long tokens = completions.stream().mapToLong(c -> c.ids().length).sum();
    double seconds = seconds(began);
    figures.put("rollout/tokens_per_second", tokens / seconds);
    figures.put("fleet/servers", outcome.servers());
    figures.put("fleet/requests", outcome.requests());
    figures.put("fleet/retries", outcome.failures());
    figures.put("fleet/seconds", seconds);
    var stats = new RolloutStats(tokens, outcome.requests(), 0, 0, 0, 0, 0, seconds);
    return new Rollouts(completions, stats);
  }

  private static Ask ask(Request request, Sampling sampling) {
    return new Ask(
        request.prompt(),
        (float) sampling.temperature(),
        sampling.topK(),
        (float) sampling.topP(),
        Seeds.of(sampling.seed(), "fleet", request.sequence()),
        request.maxNewTokens());
  }

  private static Completion completion(Answer answer) {
    return new Completion(
        answer.ids(),
        answer.logps(),
        answer.finishReason() == GenerateGraph.STOP
            ? Completion.Finish.STOP
            : Completion.Finish.LENGTH);
  }

  @Override
  public Map<String, Object> figures() {
    return Maps.newLinkedHashMap(figures);
  }

  @Override
  public void close() {
    fleet.close();
    lock.close();
  }
}
