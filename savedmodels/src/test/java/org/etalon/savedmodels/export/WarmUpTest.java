package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.proto.PredictionLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TFOutOfRangeException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * The warm-up file through TensorFlow's own reader, and its requests through the exported model.
 */
class WarmUpTest {
  @TempDir static Path folder;
  private static Path version;

  @BeforeAll
  static void export() {
    try (SmallExport export = new SmallExport()) {
      version = export.write(folder.resolve("small"), SmallExport.STOP);
    }
  }

  /** Records as TensorFlow's TFRecordReader gives them. */
  private static List<byte[]> records(Path file) {
    List<byte[]> records = new ArrayList<>();
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var queue = tf.io.fifoQueue(List.of(TString.class));
      Op name = tf.io.queueEnqueue(queue, List.of(tf.constant(file.toString())));
      var record = tf.io.readerRead(tf.io.tfRecordReader(), queue).value();
      session.runner().addTarget(name).run().close();
      session.runner().addTarget(tf.io.queueClose(queue)).run().close();
      while (true) {
        try (Result result = session.runner().fetch(record).run()) {
          records.add(((TString) result.get(0)).asBytes().getObject());
        } catch (TFOutOfRangeException endOfFile) {
          return records;
        }
      }
    }
  }

  private static PredictRequest request(byte[] record) throws Exception {
    return PredictionLog.parseFrom(record).getPredictLog().getRequest();
  }

  private static Tensor tensor(TensorProto proto) {
    Shape shape =
        Shape.of(
            proto.getTensorShape().getDimList().stream().mapToLong(d -> d.getSize()).toArray());
    return switch (proto.getDtype()) {
      case DT_INT32 -> TInt32.tensorOf(shape, t -> fill(t, proto));
      case DT_INT64 -> TInt64.tensorOf(shape, t -> t.scalars().forEach(s -> s.setLong(1)));
      case DT_FLOAT ->
          TFloat32.tensorOf(shape, t -> t.scalars().forEach(s -> s.setFloat(proto.getFloatVal(0))));
      default -> throw new AssertionError(proto.getDtype());
    };
  }

  private static void fill(TInt32 tensor, TensorProto proto) {
    tensor.scalars().forEachIndexed((i, scalar) -> scalar.setInt(proto.getIntVal(0)));
  }

  @Test
  void tensorFlowReadsItAndTheModelAnswersIt() throws Exception {
    List<byte[]> records = records(version.resolve(WarmUp.FILE));
    assertEquals(3, records.size());
    try (SavedModelBundle bundle = SavedModelBundle.load(version.toString(), "serve")) {
      for (byte[] record : records) {
        PredictRequest request = request(record);
        assertEquals("small", request.getModelSpec().getName());
        Map<String, Tensor> inputs = new TreeMap<>();
        request.getInputsMap().forEach((key, value) -> inputs.put(key, tensor(value)));
        try (Result result =
            bundle.function(request.getModelSpec().getSignatureName()).call(inputs)) {
          long rows = request.getInputsOrThrow("ids").getTensorShape().getDim(0).getSize();
          assertEquals(rows, result.get("logprobs").orElseThrow().shape().get(0));
        } finally {
          inputs.values().forEach(Tensor::close);
        }
      }
    }
  }

  @Test
  void itHasOneRowAFullBatchAndBothSignatures() throws Exception {
    List<String> seen = new ArrayList<>();
    for (byte[] record : records(version.resolve(WarmUp.FILE))) {
      PredictRequest request = request(record);
      seen.add(
          request.getModelSpec().getSignatureName()
              + " "
              + request.getInputsOrThrow("lengths").getTensorShape().getDim(0).getSize());
    }
    assertEquals(List.of("serving_default 1", "serving_default 16", "score 1"), seen);
  }

  @Test
  void tensorFlowsReaderRefusesAFlippedByte() throws Exception {
    byte[] bytes = Files.readAllBytes(version.resolve(WarmUp.FILE));
    bytes[20] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged"), bytes);
    assertThrows(TensorFlowException.class, () -> records(damaged));
  }
}
