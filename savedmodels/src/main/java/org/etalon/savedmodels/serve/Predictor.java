package org.etalon.savedmodels.serve;

import com.google.common.collect.Maps;
import com.google.protobuf.Any;
import com.google.protobuf.Int64Value;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.GetModelMetadataRequest;
import org.etalon.savedmodels.proto.GetModelMetadataResponse;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictResponse;
import org.etalon.savedmodels.proto.SignatureDefMap;
import org.etalon.savedmodels.wire.ModelAnswers;
import org.etalon.savedmodels.wire.ModelRequests;
import org.etalon.savedmodels.wire.WireException;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorProto;

/** Answers Predict and GetModelMetadata, whichever way they came. */
final class Predictor {
  private static final String SIGNATURES = "signature_def";

  private final ModelVersions versions;
  private final Consumer<String> log;

  /**
   * @param log told of what clients cannot help
   */
  Predictor(ModelVersions versions, Consumer<String> log) {
    this.versions = versions;
    this.log = log;
  }

  /**
   * Answers a request; its version is held until then. Cancelling the future frees its rows.
   *
   * @throws ServingException if it is wrong or cannot be taken
   */
  CompletableFuture<PredictResponse> predict(PredictRequest request) {
    return held(request.getModelSpec(), servable -> predict(request, servable));
  }

  /** Something to do with a version. */
  interface Use<T> {
    CompletableFuture<T> with(Servable servable);
  }

  /** Uses a version, and lets go of it when the result is there, failed or cancelled. */
  <T> CompletableFuture<T> held(ModelSpec spec, Use<T> use) {
    Servable servable = versions.lease(spec);
    try {
      CompletableFuture<T> result = use.with(servable);
      Completion.then(
          result,
          (value, error) -> {
            servable.release();
            if (error != null && Failures.of(error).code() == Status.Code.INTERNAL) {
              log.accept("a request failed: " + error);
            }
          });
      return result;
    } catch (WireException e) {
      servable.release();
      throw new ServingException(Status.Code.INVALID_ARGUMENT, e.getMessage());
    } catch (RuntimeException e) {
      servable.release();
      throw e;
    }
  }

  private CompletableFuture<PredictResponse> predict(PredictRequest request, Servable servable) {
    String name = signatureName(request.getModelSpec());
    SignatureDef signature = servable.loaded().signatures().get(name);
    if (signature == null) {
      throw ServingException.invalid(
          "expected one of the signatures %s, got \"%s\"; correct the name",
          servable.loaded().signatures().keySet(), name);
    }
    for (String key : request.getOutputFilterList()) {
      if (!signature.containsOutputs(key)) {
        throw ServingException.invalid(
            "expected outputs among %s, got \"%s\"; correct the filter",
            signature.getOutputsMap().keySet(), key);
      }
    }
    if (name.equals(ModelRequests.GENERATE)) {
      List<Ask> asks = ModelRequests.asks(request, servable.bounds());
      return answer(
          request, servable, servable.generated(asks), answers -> outputs(asks, answers, servable));
    }
    if (name.equals(ModelRequests.SCORE)) {
      List<int[]> texts = ModelRequests.texts(request, servable.bounds());
      return answer(request, servable, servable.scored(texts), ModelAnswers::scored);
    }
    throw new ServingException(
        Status.Code.UNIMPLEMENTED, "signature \"" + name + "\" is not served here");
  }

  private static String signatureName(ModelSpec spec) {
    return spec.getSignatureName().isEmpty() ? ModelRequests.GENERATE : spec.getSignatureName();
  }

  private Map<String, TensorProto> outputs(
      List<Ask> asks, List<Answer> answers, Servable servable) {
    int window = servable.bounds().window();
    int columns = 1;
    for (Ask ask : asks) {
      columns = Math.max(columns, Math.min(ask.maxNewTokens(), window - ask.ids().length));
    }
    return ModelAnswers.generated(answers, columns, servable.loaded().padId());
  }

  /** Puts a result into a response; cancelling the response cancels the result. */
  private static <T> CompletableFuture<PredictResponse> answer(
      PredictRequest request,
      Servable servable,
      CompletableFuture<T> result,
      Function<T, Map<String, TensorProto>> outputs) {
    CompletableFuture<PredictResponse> response =
        result.thenApply(
            value -> {
              Map<String, TensorProto> all = outputs.apply(value);
              List<String> filter = request.getOutputFilterList();
              return PredictResponse.newBuilder()
                  .setModelSpec(answered(request.getModelSpec(), servable))
                  .putAllOutputs(filter.isEmpty() ? all : Maps.filterKeys(all, filter::contains))
                  .build();
            });
    Completion.then(response, (value, error) -> result.cancel(false));
    return response;
  }

  private static ModelSpec answered(ModelSpec asked, Servable servable) {
    return ModelSpec.newBuilder()
        .setName(asked.getName())
        .setSignatureName(signatureName(asked))
        .setVersion(Int64Value.of(servable.version()))
        .build();
  }

  /**
   * The signatures of a version.
   *
   * @throws ServingException if it is not in service or something else is asked for
   */
  GetModelMetadataResponse metadata(GetModelMetadataRequest request) {
    if (!request.getMetadataFieldList().equals(List.of(SIGNATURES))) {
      throw ServingException.invalid(
          "expected the metadata field \"%s\" alone, got %s; ask for that",
          SIGNATURES, request.getMetadataFieldList());
    }
    Servable servable = versions.lease(request.getModelSpec());
    try {
      return GetModelMetadataResponse.newBuilder()
          .setModelSpec(
              ModelSpec.newBuilder()
                  .setName(request.getModelSpec().getName())
                  .setVersion(Int64Value.of(servable.version())))
          .putMetadata(
              SIGNATURES,
              Any.pack(
                  SignatureDefMap.newBuilder()
                      .putAllSignatureDef(servable.loaded().signatures())
                      .build()))
          .build();
    } finally {
      servable.release();
    }
  }
}
