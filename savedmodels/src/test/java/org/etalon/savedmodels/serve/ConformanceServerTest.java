package org.etalon.savedmodels.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.GetModelMetadataRequest;
import org.etalon.savedmodels.proto.GetModelStatusRequest;
import org.etalon.savedmodels.proto.ModelVersionStatus;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictResponse;
import org.etalon.savedmodels.proto.SignatureDefMap;
import org.etalon.savedmodels.wire.ModelAnswers;
import org.etalon.savedmodels.wire.ModelRequests;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceServerTest {
  @TempDir static Path base;
  private static TinyServer served;
  private static ServedModel model;
  private static ServerFixture server;

  @BeforeAll
  static void start() {
    served =
        TinyServer.start(
            base,
            options ->
                options
                    .withBatching(new ServerOptions.Batching(16, Duration.ofMillis(5), 1024, 8))
                    .withAllowedBatchSizes(List.of(1, 4, 16)));
    model = served.model();
    server = served.server();
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  static void assertSame(Answer expected, Answer got) {
    assertArrayEquals(expected.ids(), got.ids());
    assertEquals(expected.logps().length, got.logps().length);
    for (int i = 0; i < expected.logps().length; i++) {
      float logp = expected.logps()[i];
      assertEquals(logp, got.logps()[i], 1e-5f * (1 + Math.abs(logp)));
    }
    assertEquals(expected.finishReason(), got.finishReason());
  }

  @Test
  void parallelRequestsOfMixedLengthsEqualSerialOnes() throws Exception {
    List<Ask> asks = TinyModel.asks(200, 1);
    List<Callable<Answer>> calls = new ArrayList<>();
    asks.forEach(ask -> calls.add(() -> server.generate(List.of(ask)).get(0)));
    ExecutorService threads = Executors.newFixedThreadPool(200);
    try {
      List<Future<Answer>> answers = threads.invokeAll(calls);
      for (int i = 0; i < asks.size(); i++) {
        // In one piece, alone, by the loader itself.
        assertSame(model.generate(List.of(asks.get(i))).get(0), answers.get(i).get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(0, server.server.metrics().waiting("generate"));
  }

  @Test
  void rowsOfARequestAreAnsweredInOrder() {
    List<Ask> asks = TinyModel.asks(16, 2);
    List<Answer> expected = model.generate(asks);
    List<Answer> got = server.generate(asks);
    for (int i = 0; i < asks.size(); i++) {
      assertSame(expected.get(i), got.get(i));
    }
  }

  @Test
  void scoresAreTheModels() {
    List<int[]> texts = List.of(new int[] {5, 9, 300, 41}, new int[] {17}, new int[] {8, 8});
    PredictResponse response =
        server.predictions.predict(
            PredictRequest.newBuilder()
                .setModelSpec(ServerFixture.spec(ModelRequests.SCORE))
                .putAllInputs(ModelRequests.score(texts))
                .build());
    List<float[]> expected = model.score(texts);
    List<float[]> got = ModelAnswers.scores(response.getOutputsMap(), texts);
    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(expected.get(i), got.get(i), 1e-5f);
    }
    assertEquals(1, response.getModelSpec().getVersion().getValue());
    assertEquals("score", response.getModelSpec().getSignatureName());
  }

  @Test
  void anOutputFilterLeavesTheOthersOut() {
    PredictRequest request =
        ServerFixture.request(TinyModel.asks(2, 3)).toBuilder().addOutputFilter("lengths").build();
    assertEquals(Set.of("lengths"), server.predictions.predict(request).getOutputsMap().keySet());
  }

  @Test
  void signaturesAndStatesAreShown() throws Exception {
    SignatureDefMap signatures =
        server
            .predictions
            .getModelMetadata(
                GetModelMetadataRequest.newBuilder()
                    .setModelSpec(ServerFixture.spec(""))
                    .addMetadataField("signature_def")
                    .build())
            .getMetadataOrThrow("signature_def")
            .unpack(SignatureDefMap.class);
    assertTrue(
        signatures
            .getSignatureDefMap()
            .keySet()
            .containsAll(Set.of(ModelRequests.GENERATE, ModelRequests.SCORE)));
    List<ModelVersionStatus> statuses =
        server
            .models
            .getModelStatus(
                GetModelStatusRequest.newBuilder().setModelSpec(ServerFixture.version(1)).build())
            .getModelVersionStatusList();
    assertEquals(ModelVersionStatus.State.AVAILABLE, statuses.get(0).getState());
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(server.channel)
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus());
  }
}
