package org.etalon.savedmodels.client;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.ModelSpec;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictionServiceGrpc;
import org.etalon.savedmodels.wire.ModelAnswers;
import org.etalon.savedmodels.wire.ModelRequests;
import org.tensorflow.proto.TensorProto;

/** PredictionService over gRPC without encryption. */
final class GrpcTransport implements Transport {
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
  public List<Answer> generate(List<Ask> asks, Duration timeout) {
    return read(
        () ->
            ModelAnswers.answers(
                predict(ModelRequests.GENERATE, ModelRequests.generate(asks), timeout),
                asks.size()));
  }

  @Override
  public List<float[]> score(List<int[]> texts, Duration timeout) {
    return read(
        () ->
            ModelAnswers.scores(
                predict(ModelRequests.SCORE, ModelRequests.score(texts), timeout), texts));
  }

  private <T> T read(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw new ServerException(
          address, e.getStatus().getCode(), String.valueOf(e.getStatus().getDescription()), e);
    } catch (IllegalArgumentException e) {
      throw new ServerException(address, Status.Code.INTERNAL, e.getMessage(), e);
    }
  }

  private Map<String, TensorProto> predict(
      String signature, Map<String, TensorProto> inputs, Duration timeout) {
    PredictRequest request =
        PredictRequest.newBuilder()
            .setModelSpec(ModelSpec.newBuilder().setName(model).setSignatureName(signature))
            .putAllInputs(inputs)
            .build();
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
