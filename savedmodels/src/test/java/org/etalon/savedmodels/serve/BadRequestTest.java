package org.etalon.savedmodels.serve;

import static org.etalon.savedmodels.serve.ServerFixture.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status.Code;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.GetModelMetadataRequest;
import org.etalon.savedmodels.proto.GetModelStatusRequest;
import org.etalon.savedmodels.proto.ModelConfig;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.ReloadConfigRequest;
import org.etalon.savedmodels.wire.ModelRequests;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Every request here is wrong; after each the server still answers a good one. */
class BadRequestTest {
  private static final Ask ASK = Ask.greedy(new int[] {5, 9, 300}, 3);

  @TempDir static Path base;
  private static TinyServer served;
  private static ServerFixture server;

  @BeforeAll
  static void start() {
    served =
        TinyServer.start(
            base,
            options ->
                options
                    .withBatching(new ServerOptions.Batching(4, Duration.ZERO, 4, 64))
                    .withLimits(
                        new ServerOptions.Limits(
                            64 << 10, 20, Duration.ofMinutes(1), Duration.ofMinutes(1))));
    server = served.server();
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @AfterEach
  void stillAnswers() {
    assertEquals(3, server.generate(List.of(ASK)).get(0).ids().length);
  }

  private static void refuses(Code code, String text, String key, TensorProto tensor) {
    Map<String, TensorProto> inputs = new TreeMap<>(ModelRequests.generate(List.of(ASK)));
    inputs.put(key, tensor);
    assertCode(code, text, () -> server.predictions.predict(ServerFixture.request(inputs)));
  }

  private static TensorProto.Builder tensor(DataType type, long... shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (long size : shape) {
      dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorProto.newBuilder().setDtype(type).setTensorShape(dims);
  }

  @Test
  void wrongTypeAndShape() {
    refuses(
        Code.INVALID_ARGUMENT,
        "expected DT_INT32, got DT_INT64",
        "ids",
        tensor(DataType.DT_INT64, 1, 3).addInt64Val(5).build());
    refuses(
        Code.INVALID_ARGUMENT,
        "expected 2 dimensions, got 1",
        "ids",
        tensor(DataType.DT_INT32, 3).addIntVal(5).build());
    refuses(
        Code.INVALID_ARGUMENT,
        "expected 1 rows",
        "top_k",
        tensor(DataType.DT_INT32, 2).addIntVal(5).build());
    refuses(
        Code.INVALID_ARGUMENT,
        "elements",
        "ids",
        tensor(DataType.DT_INT32, 1L << 40, 1L << 40).addIntVal(5).build());
    refuses(
        Code.INVALID_ARGUMENT,
        "elements",
        "ids",
        tensor(DataType.DT_INT32, -1, 3).addIntVal(5).build());
    refuses(
        Code.INVALID_ARGUMENT,
        "expected 1 values",
        "lengths",
        tensor(DataType.DT_INT32, 1).addIntVal(5).addIntVal(6).build());
  }

  @Test
  void wrongKeys() {
    refuses(
        Code.INVALID_ARGUMENT,
        "[best_of, ids",
        "best_of",
        ModelRequests.score(List.of(new int[] {1})).get("lengths"));
    Map<String, TensorProto> inputs = new TreeMap<>(ModelRequests.generate(List.of(ASK)));
    inputs.remove("seed");
    assertCode(
        Code.INVALID_ARGUMENT,
        "expected the inputs",
        () -> server.predictions.predict(ServerFixture.request(inputs)));
  }

  @Test
  void idsOutsideTheVocabularyAndLengthsOutsideTheRow() {
    refuses(
        Code.INVALID_ARGUMENT,
        "token id -1",
        "ids",
        tensor(DataType.DT_INT32, 1, 3).addIntVal(-1).build());
    refuses(
        Code.INVALID_ARGUMENT,
        "outside the vocabulary",
        "ids",
        tensor(DataType.DT_INT32, 1, 3).addIntVal(1 << 20).build());
    for (int length : new int[] {-1, 0, 4, 1 << 30}) {
      refuses(
          Code.INVALID_ARGUMENT,
          "expected a length of 1 to 3",
          "lengths",
          tensor(DataType.DT_INT32, 1).addIntVal(length).build());
    }
  }

  @Test
  void settingsOutsideTheirRanges() {
    TensorProto many = tensor(DataType.DT_INT32, 1).addIntVal(Integer.MAX_VALUE).build();
    refuses(Code.INVALID_ARGUMENT, "max_new_tokens must be at most 20", "max_new_tokens", many);
    refuses(
        Code.INVALID_ARGUMENT,
        "maxNewTokens must be at least 0",
        "max_new_tokens",
        tensor(DataType.DT_INT32, 1).addIntVal(-1).build());
    refuses(
        Code.INVALID_ARGUMENT,
        "temperature",
        "temperature",
        tensor(DataType.DT_FLOAT, 1).addFloatVal(Float.NaN).build());
    refuses(
        Code.INVALID_ARGUMENT,
        "topP",
        "top_p",
        tensor(DataType.DT_FLOAT, 1).addFloatVal(0).build());
  }

  @Test
  void tooManyRowsAndTooLargeAMessage() {
    assertCode(
        Code.INVALID_ARGUMENT,
        "1 to 4 rows",
        () -> server.generate(List.of(ASK, ASK, ASK, ASK, ASK)));
    assertCode(
        Code.RESOURCE_EXHAUSTED,
        "exceeds maximum",
        () -> server.generate(List.of(Ask.greedy(new int[64 << 10], 1))));
  }

  @Test
  void unknownModelsVersionsSignaturesAndFields() {
    PredictRequest good = ServerFixture.request(List.of(ASK));
    assertCode(
        Code.NOT_FOUND,
        "\"other\"",
        () ->
            server.predictions.predict(
                good.toBuilder()
                    .setModelSpec(ServerFixture.spec("").toBuilder().setName("other"))
                    .build()));
    assertCode(
        Code.NOT_FOUND,
        "version 9",
        () ->
            server.predictions.predict(
                good.toBuilder().setModelSpec(ServerFixture.version(9)).build()));
    assertCode(
        Code.INVALID_ARGUMENT,
        "expected one of the signatures",
        () ->
            server.predictions.predict(
                good.toBuilder().setModelSpec(ServerFixture.spec("classify")).build()));
    assertCode(
        Code.INVALID_ARGUMENT,
        "expected outputs among",
        () -> server.predictions.predict(good.toBuilder().addOutputFilter("logits").build()));
    assertCode(
        Code.INVALID_ARGUMENT,
        "signature_def",
        () ->
            server.predictions.getModelMetadata(
                GetModelMetadataRequest.newBuilder().setModelSpec(ServerFixture.spec("")).build()));
    assertCode(
        Code.NOT_FOUND,
        "version 9",
        () ->
            server.models.getModelStatus(
                GetModelStatusRequest.newBuilder().setModelSpec(ServerFixture.version(9)).build()));
  }

  @Test
  void configurationsThatAreNotOffered() {
    ReloadConfigRequest.Builder two = ReloadConfigRequest.newBuilder();
    var list = two.getConfigBuilder().getModelConfigListBuilder();
    ModelConfig config =
        ModelConfig.newBuilder()
            .setName(ServerFixture.NAME)
            .setBasePath(base.toString())
            .putVersionLabels("stable", 1)
            .build();
    list.addConfig(config);
    assertCode(
        Code.INVALID_ARGUMENT,
        "no version_labels",
        () -> server.models.handleReloadConfigRequest(two.build()));
    list.addConfig(config);
    assertCode(
        Code.INVALID_ARGUMENT,
        "one model, got 2",
        () -> server.models.handleReloadConfigRequest(two.build()));
  }

  private static void posted(int code, String text, String path, String body) throws Exception {
    HttpResponse<String> response = server.post(path, body);
    assertEquals(code, response.statusCode(), response.body());
    assertTrue(response.body().contains(text), response.body());
  }

  @Test
  void restTellsTheSame() throws Exception {
    String predict = "/v1/models/tiny:predict";
    posted(400, "no JSON", predict, "{\"inputs\": ");
    posted(400, "either", predict, "{}");
    posted(400, "equal lengths", predict, "{\"inputs\": {\"ids\": [[1, 2], [3]]}}");
    posted(400, "expected the inputs", predict, "{\"inputs\": {\"ids\": [[1, 2]]}}");
    posted(400, "32-bit integer", predict, "{\"inputs\": {\"ids\": [[1.5]]}}");
    posted(400, "got \\\"x\\\"", predict, "{\"inputs\": {\"x\": [[1]]}}");
    posted(413, "at most 65536 bytes", predict, " ".repeat(70_000) + "{}");
    posted(404, "other", "/v1/models/other:predict", "{}");
    posted(404, "version 7", "/v1/models/tiny/versions/7:predict", "{\"inputs\": {}}");
    posted(501, ":classify", "/v1/models/tiny:classify", "{}");
    posted(400, "GET", "/v1/models/tiny", "{}");
    posted(404, "nothing is here", "/v2/else", "{}");
    assertEquals(400, server.get(predict).statusCode());
  }

  @Test
  void openAiTellsItInItsForm() throws Exception {
    String path = "/v1/completions";
    posted(400, "invalid_request_error", path, "{\"model\": \"tiny\"}");
    posted(404, "model_not_found", path, "{\"model\": \"gpt\", \"prompt\": \"a\"}");
    posted(400, "logit_bias", path, "{\"model\": \"tiny\", \"prompt\": \"a\", \"logit_bias\": {}}");
    posted(
        400, "temperature", path, "{\"model\": \"tiny\", \"prompt\": \"a\", \"temperature\": 3}");
    posted(400, "at most 20", path, "{\"model\": \"tiny\", \"prompt\": \"a\", \"max_tokens\": 21}");
    posted(400, "vocabulary", path, "{\"model\": \"tiny\", \"prompt\": [99999]}");
    posted(400, "1 to 63 tokens", path, "{\"model\": \"tiny\", \"prompt\": \"\"}");
    posted(
        400,
        "role",
        "/v1/chat/completions",
        "{\"model\": \"tiny\", \"messages\": [{\"role\": \"x\", \"content\": \"a\"}]}");
  }
}
