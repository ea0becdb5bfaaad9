package org.etalon.savedmodels.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.GetModelStatusRequest;
import org.etalon.savedmodels.proto.ModelConfig;
import org.etalon.savedmodels.proto.ModelVersionStatus;
import org.etalon.savedmodels.proto.ModelVersionStatus.State;
import org.etalon.savedmodels.proto.PredictResponse;
import org.etalon.savedmodels.proto.PredictionServiceGrpc;
import org.etalon.savedmodels.proto.ReloadConfigRequest;
import org.etalon.savedmodels.wire.ModelAnswers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionSwapTest {
  private static final int CLIENTS = 6;

  @TempDir Path base;

  private static ServerOptions options(Path base) {
    return ServerOptions.local(base, ServerFixture.NAME)
        .withBatching(new ServerOptions.Batching(8, Duration.ofMillis(2), 1024, 8))
        .withPoll(Duration.ofMillis(50));
  }

  private static State state(ServerFixture server, long version) {
    return server
        .models
        .getModelStatus(
            GetModelStatusRequest.newBuilder().setModelSpec(ServerFixture.spec("")).build())
        .getModelVersionStatusList()
        .stream()
        .filter(status -> status.getVersion() == version)
        .findFirst()
        .map(ModelVersionStatus::getState)
        .orElse(State.UNKNOWN);
  }

  /** Asks until told to stop; the versions that answered. */
  private static List<Long> ask(
      ServerFixture server, List<Ask> asks, List<List<Answer>> expected, AtomicBoolean stop) {
    List<Long> versions = new ArrayList<>();
    for (int i = 0; !stop.get(); i = (i + 1) % asks.size()) {
      PredictResponse response =
          server.predictions.predict(ServerFixture.request(List.of(asks.get(i))));
      long version = response.getModelSpec().getVersion().getValue();
      ConformanceServerTest.assertSame(
          expected.get((int) version - 1).get(i),
          ModelAnswers.answers(response.getOutputsMap(), 1).get(0));
      versions.add(version);
    }
    return versions;
  }

  @Test
  void aNewVersionTakesOverUnderLoadAndNoRequestIsLost() throws Exception {
    List<Ask> asks = TinyModel.asks(12, 5);
    List<List<Answer>> expected = new ArrayList<>();
    try (TinyModel tiny = new TinyModel()) {
      Path first = tiny.write(base, 1);
      Path second = tiny.write(base.resolve("later"), 2);
      for (Path folder : List.of(first, second)) {
        try (ServedModel model = ServedModel.load(folder)) {
          expected.add(asks.stream().map(ask -> model.generate(List.of(ask)).get(0)).toList());
        }
      }
      AtomicBoolean stop = new AtomicBoolean();
      ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
      try (ServerFixture server = new ServerFixture(options(base))) {
        List<Future<List<Long>>> clients = new ArrayList<>();
        Callable<List<Long>> client = () -> ask(server, asks, expected, stop);
        for (int i = 0; i < CLIENTS; i++) {
          clients.add(threads.submit(client));
        }
        Files.move(second, base.resolve("2"));
        ServerFixture.eventually(() -> state(server, 1) == State.END);
        assertEquals(State.AVAILABLE, state(server, 2));
        server.generate(asks.subList(0, 1));
        stop.set(true);
        long last = 0;
        for (Future<List<Long>> done : clients) {
          // A failed request or a wrong answer is thrown here.
          List<Long> versions = done.get();
          last = Math.max(last, versions.isEmpty() ? 0 : versions.get(versions.size() - 1));
          assertEquals(versions.stream().sorted().toList(), versions, "never back to the old one");
        }
        assertEquals(2, last);
        assertTrue(server.log.stream().anyMatch(line -> line.contains("version 1 unloaded")));
      } finally {
        stop.set(true);
        threads.shutdownNow();
      }
    }
  }

  @Test
  void aCorruptVersionLeavesTheOldOneServing() throws Exception {
    try (TinyModel tiny = new TinyModel()) {
      tiny.write(base, 1);
      Path damaged = tiny.write(base.resolve("later"), 2);
      Path weights = damaged.resolve("variables/variables.data-00000-of-00001");
      byte[] bytes = Files.readAllBytes(weights);
      bytes[bytes.length / 2] ^= 1;
      Files.write(weights, bytes);
      try (ServerFixture server = new ServerFixture(options(base))) {
        List<Ask> asks = TinyModel.asks(2, 6);
        List<Answer> before = server.generate(asks);
        Files.move(damaged, base.resolve("2"));
        ServerFixture.eventually(() -> state(server, 2) == State.END);
        assertEquals(State.AVAILABLE, state(server, 1));
        assertTrue(
            server.log.stream()
                .anyMatch(line -> line.contains("version 2 is not served") && line.contains("2")));
        List<Answer> after = server.generate(asks);
        ConformanceServerTest.assertSame(before.get(0), after.get(0));
        // Not tried again at every look.
        assertEquals(1, server.log.stream().filter(line -> line.contains("not served")).count());
      }
    }
  }

  @Test
  void anOlderVersionCanBePinned() throws Exception {
    try (TinyModel tiny = new TinyModel()) {
      tiny.write(base, 1);
      tiny.write(base, 2);
      try (ServerFixture server = new ServerFixture(options(base))) {
        assertEquals(State.AVAILABLE, state(server, 2));
        ReloadConfigRequest.Builder request = ReloadConfigRequest.newBuilder();
        ModelConfig.Builder config =
            request
                .getConfigBuilder()
                .getModelConfigListBuilder()
                .addConfigBuilder()
                .setName(ServerFixture.NAME)
                .setBasePath(base.toString());
        config.getModelVersionPolicyBuilder().getSpecificBuilder().addVersions(1);
        server.models.handleReloadConfigRequest(request.build());
        assertEquals(State.AVAILABLE, state(server, 1));
        PredictResponse response =
            server.predictions.predict(ServerFixture.request(TinyModel.asks(1, 7)));
        assertEquals(1, response.getModelSpec().getVersion().getValue());
      }
    }
  }

  @Test
  void requestsInProgressEndWhenTheServerStops() throws Exception {
    try (TinyModel tiny = new TinyModel()) {
      tiny.write(base, 1);
      ServerFixture server = new ServerFixture(options(base));
      try {
        Ask longest = Ask.greedy(new int[] {5}, TinyModel.WINDOW - 1);
        List<Ask> asks = Collections.nCopies(8, longest);
        var answer =
            PredictionServiceGrpc.newFutureStub(server.channel)
                .predict(ServerFixture.request(asks));
        ServerFixture.eventually(
            () -> answer.isDone() || server.server.metrics().running("generate") > 0);
        server.server.close();
        assertEquals(8, ModelAnswers.answers(answer.get().getOutputsMap(), asks.size()).size());
        ServerFixture.eventually(
            () -> server.log.stream().anyMatch(line -> line.contains("version 1 unloaded")));
      } finally {
        server.channel.shutdownNow();
      }
    }
  }

  @Test
  void aServerWithoutAVersionWaitsForOne() throws Exception {
    try (TinyModel tiny = new TinyModel();
        ServerFixture server = new ServerFixture(options(base))) {
      ServerFixture.assertCode(
          Status.Code.UNAVAILABLE, "in service yet", () -> server.generate(TinyModel.asks(1, 8)));
      tiny.write(base, 1);
      ServerFixture.eventually(() -> state(server, 1) == State.AVAILABLE);
      assertEquals(1, server.generate(TinyModel.asks(1, 8)).size());
    }
  }
}
