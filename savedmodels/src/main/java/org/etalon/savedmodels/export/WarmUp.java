package org.etalon.savedmodels.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import org.etalon.data.TfRecordWriter;
import org.etalon.graph.ModelConfig;
import org.etalon.savedmodels.proto.PredictLog;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictionLog;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The requests that a server runs before a version takes over, so that no user waits for kernels to
 * be chosen and memory to be mapped: one row, a full batch, and one row to score.
 *
 * <p>Format: a TFRecord of PredictionLog, at {@link #FILE} in the version folder.
 *
 * @param model name that the server gives the model
 * @param config sizes; prompts stay within its window
 * @param id token that the prompts consist of
 */
record WarmUp(String model, ModelConfig config, int id) {
  static final String FILE = "assets.extra/tf_serving_warmup_requests";

  /** Our choice: as long as a short question with its chat template. */
  private static final int PROMPT = 32;

  /** Our choice: enough to run the loop. */
  private static final int NEW = 4;

  void write(Path folder) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve(FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      TfRecordWriter records = new TfRecordWriter(channel);
      for (PredictRequest request : requests()) {
        PredictLog log = PredictLog.newBuilder().setRequest(request).build();
        records.write(PredictionLog.newBuilder().setPredictLog(log).build().toByteArray());
      }
    }
  }

  List<PredictRequest> requests() {
    return List.of(generate(1), generate(ServingFiles.MAX_BATCH), score());
  }

  private PredictRequest generate(int rows) {
    PredictRequest.Builder request = prompts(ServingGraph.GENERATE, rows);
    return request
        .putInputs("temperature", floats(rows, 1))
        .putInputs("top_k", ints(rows, 0))
        .putInputs("top_p", floats(rows, 1))
        .putInputs("seed", longs(rows))
        .putInputs("max_new_tokens", ints(rows, NEW))
        .build();
  }

  private PredictRequest score() {
    return prompts(ServingGraph.SCORE, 1).build();
  }

  private PredictRequest.Builder prompts(String signature, int rows) {
    int length = Math.max(1, Math.min(PROMPT, config.maxPositions() - NEW));
    PredictRequest.Builder request = PredictRequest.newBuilder();
    request.getModelSpecBuilder().setName(model).setSignatureName(signature);
    TensorProto.Builder ids = tensor(DataType.DT_INT32, rows, length);
    ids.addAllIntVal(Collections.nCopies(rows * length, id));
    return request.putInputs("ids", ids.build()).putInputs("lengths", ints(rows, length));
  }

  private static TensorProto ints(int rows, int value) {
    return tensor(DataType.DT_INT32, rows).addAllIntVal(Collections.nCopies(rows, value)).build();
  }

  private static TensorProto longs(int rows) {
    return tensor(DataType.DT_INT64, rows).addAllInt64Val(Collections.nCopies(rows, 1L)).build();
  }

  private static TensorProto floats(int rows, float value) {
    return tensor(DataType.DT_FLOAT, rows).addAllFloatVal(Collections.nCopies(rows, value)).build();
  }

  private static TensorProto.Builder tensor(DataType type, int... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int dim : dims) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dim));
    }
    return TensorProto.newBuilder().setDtype(type).setTensorShape(shape);
  }
}
