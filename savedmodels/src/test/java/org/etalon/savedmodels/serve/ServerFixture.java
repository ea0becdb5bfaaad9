package org.etalon.savedmodels.serve;

import com.google.protobuf.Int64Value;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.ModelServiceGrpc;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictResponse;
import org.etalon.savedmodels.proto.PredictionServiceGrpc;
import org.etalon.savedmodels.wire.ModelAnswers;
import org.etalon.savedmodels.wire.ModelRequests;
import org.junit.jupiter.api.Assertions;
import org.tensorflow.proto.TensorProto;

/** A running server and plain clients of it. */
final class ServerFixture implements AutoCloseable {
  static final String NAME = "tiny";

  final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();
  final ConformanceServer server;
  final ManagedChannel channel;
  final PredictionServiceGrpc.PredictionServiceBlockingStub predictions;
  final ModelServiceGrpc.ModelServiceBlockingStub models;
  private final HttpClient http = HttpClient.newHttpClient();

  ServerFixture(ServerOptions options) {
    server = ConformanceServer.start(options, log::add);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    predictions = PredictionServiceGrpc.newBlockingStub(channel);
    models = ModelServiceGrpc.newBlockingStub(channel);
  }

  static ModelSpec spec(String signature) {
    return ModelSpec.newBuilder().setName(NAME).setSignatureName(signature).build();
  }

  static ModelSpec version(long number) {
    return ModelSpec.newBuilder().setName(NAME).setVersion(Int64Value.of(number)).build();
  }

  static PredictRequest request(List<Ask> asks) {
    return request(ModelRequests.generate(asks));
  }

  static PredictRequest request(Map<String, TensorProto> inputs) {
    return PredictRequest.newBuilder().setModelSpec(spec("")).putAllInputs(inputs).build();
  }

  List<Answer> generate(List<Ask> asks) {
    PredictResponse response = predictions.predict(request(asks));
    return ModelAnswers.answers(response.getOutputsMap(), asks.size());
  }

  static void assertCode(Status.Code code, String text, Callable<?> call) {
    StatusRuntimeException e = Assertions.assertThrows(StatusRuntimeException.class, call::call);
    Assertions.assertEquals(code, e.getStatus().getCode(), e.getMessage());
    Assertions.assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.restPort() + path;
  }

  HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url(path))).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url(path)))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Waits, at most half a minute, for what another thread brings about. */
  static void eventually(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
      Thread.sleep(10);
    }
    Assertions.assertTrue(condition.getAsBoolean());
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.close();
  }
}
