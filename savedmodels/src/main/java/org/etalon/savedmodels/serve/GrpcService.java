package org.etalon.savedmodels.serve;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.etalon.savedmodels.proto.GetModelMetadataRequest;
import org.etalon.savedmodels.proto.GetModelMetadataResponse;
import org.etalon.savedmodels.proto.GetModelStatusRequest;
import org.etalon.savedmodels.proto.GetModelStatusResponse;
import org.etalon.savedmodels.proto.ModelConfig;
import org.etalon.savedmodels.proto.ModelServiceGrpc;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictResponse;
import org.etalon.savedmodels.proto.PredictionServiceGrpc;
import org.etalon.savedmodels.proto.ReloadConfigRequest;
import org.etalon.savedmodels.proto.ReloadConfigResponse;
import org.etalon.savedmodels.proto.StatusProto;
import org.tensorflow.proto.error.Code;

/** The services of TensorFlow Serving over gRPC. */
final class GrpcService
    implements PredictionServiceGrpc.AsyncService, ModelServiceGrpc.AsyncService {
  private final Predictor predictor;
  private final ModelVersions versions;
  private final ServerMetrics metrics;
  private final Duration time;

  /**
   * @param time longest time of a request
   */
  GrpcService(Predictor predictor, ModelVersions versions, ServerMetrics metrics, Duration time) {
    this.predictor = predictor;
    this.versions = versions;
    this.metrics = metrics;
    this.time = time;
  }

  @Override
  public void predict(PredictRequest request, StreamObserver<PredictResponse> observer) {
    long since = System.nanoTime();
    CompletableFuture<PredictResponse> response;
    try {
      response = predictor.predict(request);
    } catch (RuntimeException e) {
      response = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<PredictResponse> running =
        response.orTimeout(time.toMillis(), TimeUnit.MILLISECONDS);
    var call = (ServerCallStreamObserver<PredictResponse>) observer;
    // The client went away or its deadline passed: the rows are nobody's.
    call.setOnCancelHandler(() -> running.cancel(false));
    Completion.then(
        running,
        (value, error) -> {
          Status.Code code = error == null ? Status.Code.OK : Failures.of(error).code();
          metrics.answered("Predict", code, since);
          if (error == null) {
            call.onNext(value);
            call.onCompleted();
          } else {
            call.onError(Failures.status(error));
          }
        });
  }

  @Override
  public void getModelMetadata(
      GetModelMetadataRequest request, StreamObserver<GetModelMetadataResponse> observer) {
    answer("GetModelMetadata", observer, () -> predictor.metadata(request));
  }

  @Override
  public void getModelStatus(
      GetModelStatusRequest request, StreamObserver<GetModelStatusResponse> observer) {
    answer(
        "GetModelStatus",
        observer,
        () ->
            GetModelStatusResponse.newBuilder()
                .addAllModelVersionStatus(versions.statuses(request.getModelSpec()))
                .build());
  }

  /**
   * Serves the model from another folder, or one version of it instead of the newest. Other models
   * beside it, labels and several versions at once are not offered.
   */
  @Override
  public void handleReloadConfigRequest(
      ReloadConfigRequest request, StreamObserver<ReloadConfigResponse> observer) {
    answer(
        "HandleReloadConfigRequest",
        observer,
        () -> {
          versions.from(source(request));
          return ReloadConfigResponse.newBuilder()
              .setStatus(StatusProto.newBuilder().setErrorCode(Code.OK))
              .build();
        });
  }

  private VersionSource source(ReloadConfigRequest request) {
    List<ModelConfig> configs = request.getConfig().getModelConfigList().getConfigList();
    if (configs.size() != 1) {
      throw ServingException.invalid(
          "expected the configuration of one model, got %d; this server has one model",
          configs.size());
    }
    ModelConfig config = configs.get(0);
    versions.checkName(ModelSpec.newBuilder().setName(config.getName()).build());
    if (config.getBasePath().isEmpty() || config.getVersionLabelsCount() > 0) {
      throw ServingException.invalid(
          "expected a base_path and no version_labels; name versions by their numbers");
    }
    var policy = config.getModelVersionPolicy();
    List<Long> specific = policy.getSpecific().getVersionsList();
    boolean one =
        policy.hasSpecific()
            ? specific.size() == 1
            : !policy.hasAll() && policy.getLatest().getNumVersions() <= 1;
    if (!one) {
      throw ServingException.invalid(
          "expected a model_version_policy of one version, got %s; serve others elsewhere",
          policy.toString().strip());
    }
    return new VersionSource(Path.of(config.getBasePath()), specific.stream().findFirst());
  }

  private <T> void answer(String method, StreamObserver<T> observer, Supplier<T> value) {
    long since = System.nanoTime();
    Status.Code code = Status.Code.OK;
    try {
      observer.onNext(value.get());
      observer.onCompleted();
    } catch (RuntimeException e) {
      code = Failures.of(e).code();
      observer.onError(Failures.status(e));
    }
    metrics.answered(method, code, since);
  }
}
