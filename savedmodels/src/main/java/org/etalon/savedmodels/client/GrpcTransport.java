package org.etalon.savedmodels.client;

import com.google.protobuf.Int64Value;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.GetModelStatusRequest;
import org.etalon.savedmodels.proto.ModelServiceGrpc;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.ModelVersionStatus;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictionServiceGrpc;
import org.etalon.savedmodels.wire.ModelAnswers;
import org.etalon.savedmodels.wire.ModelRequests;
import org.tensorflow.proto.TensorProto;

/** PredictionService and ModelService over gRPC without encryption. */
final class GrpcTransport implements Transport, FleetServer {
  /** Our choice: what an answer may hold; log-probabilities of long rows are some megabytes. */
  private static final int MESSAGE_BYTES = 256 << 20;

  private final String address;
  private final String model;
  private final ManagedChannel channel;

  /**
   * @param address host and port
   */
  GrpcTransport(String address, String model) {
    this.address = address;
    this.model = model;
    this.channel =
        NettyChannelBuilder.forTarget(address)
            .usePlaintext()
            .maxInboundMessageSize(MESSAGE_BYTES)
            .build();
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public List<Answer> generate(List<Ask> asks, Duration timeout) {
    return generate(spec(), asks, timeout);
  }

  @Override
  public List<Answer> generate(List<Ask> asks, long version, Duration timeout) {
    return generate(spec().setVersion(Int64Value.of(version)), asks, timeout);
  }

  private List<Answer> generate(ModelSpec.Builder spec, List<Ask> asks, Duration timeout) {
    spec.setSignatureName(ModelRequests.GENERATE);
    return read(
        () ->
            ModelAnswers.answers(
                predict(spec, ModelRequests.generate(asks), timeout), asks.size()));
  }

  @Override
  public Optional<String> lacks(long version, Duration timeout) {
    GetModelStatusRequest request =
        GetModelStatusRequest.newBuilder()
            .setModelSpec(spec().setVersion(Int64Value.of(version)))
            .build();
    // A server that was down may be back: it is not waited for as long as it was away.
    channel.resetConnectBackoff();
    try {
      return ModelServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
          .getModelStatus(request)
          .getModelVersionStatusList()
          .stream()
          .filter(status -> status.getVersion() == version)
          .findFirst()
          .map(GrpcTransport::lack)
          .orElse(Optional.of("says nothing of version " + version));
    } catch (StatusRuntimeException e) {
      return Optional.of(e.getStatus().getCode() + ": " + told(e));
    }
  }

  private static Optional<String> lack(ModelVersionStatus status) {
    return status.getState() == ModelVersionStatus.State.AVAILABLE
        ? Optional.empty()
        : Optional.of(
            "version %d is in state %s %s"
                .formatted(
                    status.getVersion(), status.getState(), status.getStatus().getErrorMessage())
                .strip());
  }

  @Override
  public List<float[]> score(List<int[]> texts, Duration timeout) {
    return read(
        () ->
            ModelAnswers.scores(
                predict(
                    spec().setSignatureName(ModelRequests.SCORE),
                    ModelRequests.score(texts),
                    timeout),
                texts));
  }

  private <T> T read(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw new ServerException(address, e.getStatus().getCode(), told(e), e);
    } catch (IllegalArgumentException e) {
      throw new ServerException(address, Status.Code.INTERNAL, e.getMessage(), e);
    }
  }

  /** gRPC's own description of a refused connection says less than its cause. */
  private static String told(StatusRuntimeException e) {
    String description = String.valueOf(e.getStatus().getDescription());
    Throwable cause = e.getStatus().getCause();
    return cause == null ? description : description + " (" + cause.getMessage() + ")";
  }

  private ModelSpec.Builder spec() {
    return ModelSpec.newBuilder().setName(model);
  }

  private Map<String, TensorProto> predict(
      ModelSpec.Builder spec, Map<String, TensorProto> inputs, Duration timeout) {
    PredictRequest request =
        PredictRequest.newBuilder().setModelSpec(spec).putAllInputs(inputs).build();
    return PredictionServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .predict(request)
        .getOutputsMap();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
