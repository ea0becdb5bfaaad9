package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.etalon.savedmodels.proto.GetModelMetadataRequest;
import org.etalon.savedmodels.proto.GetModelMetadataResponse;
import org.etalon.savedmodels.proto.GetModelStatusResponse;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictResponse;
import org.etalon.savedmodels.proto.SignatureDefMap;
import org.etalon.savedmodels.wire.ModelRequests;
import org.tensorflow.proto.SignatureDef;

/**
 * TensorFlow Serving's REST interface:
 *
 * <pre>
 * GET  /v1/models/NAME[/versions/N]            versions and their states
 * GET  /v1/models/NAME[/versions/N]/metadata   signatures
 * POST /v1/models/NAME[/versions/N]:predict    {"signature_name", "instances" | "inputs"}
 * GET  /monitoring/prometheus/metrics
 * </pre>
 *
 * An error is {@code {"error": text}}.
 */
final class RestHandler {
  private static final Pattern MODEL =
      Pattern.compile("/v1/models/([^/:]+)(?:/versions/([0-9]{1,18}))?(/metadata|:[a-zA-Z]+)?");
  private static final JsonFormat.Printer PROTOS =
      JsonFormat.printer().preservingProtoFieldNames().includingDefaultValueFields();

  private final Predictor predictor;
  private final ModelVersions versions;
  private final ServerMetrics metrics;
  private final Duration time;

  /**
   * @param time longest time of a request
   */
  RestHandler(Predictor predictor, ModelVersions versions, ServerMetrics metrics, Duration time) {
    this.predictor = predictor;
    this.versions = versions;
    this.metrics = metrics;
    this.time = time;
  }

  /** Answers if the path is one of these; false otherwise. */
  boolean handle(HttpCall call) throws IOException {
    String path = call.path();
    if (path.equals("/monitoring/prometheus/metrics")) {
      var text = new ByteArrayOutputStream();
      metrics.write(text);
      call.send(200, ServerMetrics.CONTENT_TYPE, text.toByteArray());
      return true;
    }
    Matcher model = MODEL.matcher(path);
    if (!model.matches()) {
      return false;
    }
    long since = System.nanoTime();
    String action = model.group(3) == null ? "" : model.group(3);
    Status.Code code = Status.Code.OK;
    try {
      call.json(200, answer(call, spec(model), action));
    } catch (RuntimeException e) {
      ServingException failure = Failures.of(e);
      code = failure.code();
      call.json(failure.http(), Map.of("error", failure.getMessage()));
    } finally {
      metrics.answered("REST " + name(action), code, since);
    }
    return true;
  }

  private static String name(String action) {
    return switch (action) {
      case ":predict" -> "predict";
      case "/metadata" -> "metadata";
      case "" -> "status";
      default -> "other";
    };
  }

  private JsonNode answer(HttpCall call, ModelSpec spec, String action) throws IOException {
    boolean posts = action.startsWith(":");
    if (!call.method().equals(posts ? "POST" : "GET")) {
      throw ServingException.invalid(
          "expected the method %s here, got %s", posts ? "POST" : "GET", call.method());
    }
    return switch (action) {
      case ":predict" -> predict(call, spec);
      case "/metadata" -> metadata(spec);
      case "" ->
          tree(
              GetModelStatusResponse.newBuilder()
                  .addAllModelVersionStatus(versions.statuses(spec))
                  .build());
      default ->
          throw new ServingException(
              Status.Code.UNIMPLEMENTED, action + " is not offered here; use :predict");
    };
  }

  private static ModelSpec spec(Matcher model) {
    ModelSpec.Builder spec = ModelSpec.newBuilder().setName(model.group(1));
    if (model.group(2) != null) {
      spec.setVersion(Int64Value.of(Long.parseLong(model.group(2))));
    }
    return spec.build();
  }

  private JsonNode predict(HttpCall call, ModelSpec spec) {
    JsonNode body = call.json();
    String name = body.path("signature_name").asText(ModelRequests.GENERATE);
    PredictRequest request =
        PredictRequest.newBuilder()
            .setModelSpec(spec.toBuilder().setSignatureName(name))
            .putAllInputs(JsonTensors.inputs(body, signature(spec, name)))
            .build();
    PredictResponse response = call.await(predictor.predict(request), time);
    return JsonTensors.answer(response.getOutputsMap(), body.has("instances"));
  }

  private SignatureDef signature(ModelSpec spec, String name) {
    Servable servable = versions.lease(spec);
    try {
      SignatureDef signature = servable.loaded().signatures().get(name);
      if (signature == null) {
        throw ServingException.invalid(
            "expected one of the signatures %s, got \"%s\"; correct signature_name",
            servable.loaded().signatures().keySet(), name);
      }
      return signature;
    } finally {
      servable.release();
    }
  }

  private JsonNode metadata(ModelSpec spec) throws IOException {
    GetModelMetadataResponse response =
        predictor.metadata(
            GetModelMetadataRequest.newBuilder()
                .setModelSpec(spec)
                .addMetadataField("signature_def")
                .build());
    SignatureDefMap signatures =
        response.getMetadataOrThrow("signature_def").unpack(SignatureDefMap.class);
    var body = Json.MAPPER.createObjectNode();
    body.set("model_spec", tree(response.getModelSpec()));
    body.putObject("metadata").set("signature_def", tree(signatures));
    return body;
  }

  private static JsonNode tree(MessageOrBuilder message) throws IOException {
    try {
      return Json.MAPPER.readTree(PROTOS.print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message of our own has no JSON", e);
    }
  }
}
