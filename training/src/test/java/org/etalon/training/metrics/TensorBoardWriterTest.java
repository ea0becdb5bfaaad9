package org.etalon.training.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.EagerSession;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

class TensorBoardWriterTest {
  @TempDir Path folder;

  @Test
  void tensorFlowReadsTheScalarsAndHistograms() throws IOException {
    Path file;
    try (TensorBoardWriter writer = TensorBoardWriter.open(folder, 6)) {
      writer.scalars(7, Map.of("reward", 0.5));
      writer.histogram(7, "lengths", new double[] {10, 20, 20, 40});
      writer.counts(8, "accuracy", new double[] {3, 0, 1});
      file = writer.file();
    }
    List<Event> events = readByTensorFlow(file);
    assertEquals(5, events.size());
    assertEquals("brain.Event:2", events.get(0).getFileVersion());
    assertEquals(SessionLog.SessionStatus.START, events.get(1).getSessionLog().getStatus());
    assertEquals(7, events.get(1).getStep());
    assertEquals(7, events.get(2).getStep());
    assertEquals("reward", events.get(2).getSummary().getValue(0).getTag());
    assertEquals(0.5f, events.get(2).getSummary().getValue(0).getSimpleValue());
    HistogramProto lengths = events.get(3).getSummary().getValue(0).getHisto();
    assertEquals(4, lengths.getNum());
    assertEquals(90, lengths.getSum());
    assertEquals(4, lengths.getBucketList().stream().mapToDouble(x -> x).sum());
    assertEquals(40, lengths.getBucketLimit(lengths.getBucketLimitCount() - 1));
    HistogramProto accuracy = events.get(4).getSummary().getValue(0).getHisto();
    assertEquals(List.of(3.0, 0.0, 1.0), accuracy.getBucketList());
    assertEquals(List.of(0.5, 1.5, 2.5), accuracy.getBucketLimitList());
  }

  @Test
  void tensorFlowNoticesAFlippedByte() throws IOException {
    Path file;
    try (TensorBoardWriter writer = TensorBoardWriter.open(folder, 0)) {
      file = writer.file();
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[20] ^= 1;
    Files.write(file, bytes);
    TensorFlowException e = assertThrows(TensorFlowException.class, () -> readByTensorFlow(file));
    assertTrue(e.getMessage().contains("corrupted record"), e.getMessage());
  }

  @Test
  void equalValuesMakeAHistogramToo() throws IOException {
    try (TensorBoardWriter writer = TensorBoardWriter.open(folder, 0)) {
      writer.histogram(1, "same", new double[] {2, 2});
      HistogramProto histogram =
          readByTensorFlow(writer.file()).get(2).getSummary().getValue(0).getHisto();
      assertEquals(2, histogram.getBucket(0));
      assertTrue(histogram.getBucketLimit(0) > 2);
    }
  }

  @Test
  void everyOpeningMakesALaterFile() {
    try (TensorBoardWriter first = TensorBoardWriter.open(folder, 0);
        TensorBoardWriter second = TensorBoardWriter.open(folder, 3)) {
      assertNotEquals(first.file(), second.file());
      assertTrue(first.file().compareTo(second.file()) < 0);
    }
  }

  /** TensorFlow's own record reader checks every checksum. */
  private static List<Event> readByTensorFlow(Path file) throws IOException {
    List<Class<? extends TType>> types = List.of(TString.class);
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      var dataset =
          tf.data.tfRecordDataset(
              tf.array(file.toString()),
              tf.constant(""),
              tf.constant(0L),
              tf.constant(new long[] {0}));
      var all =
          tf.data.batchDataset(
              dataset,
              tf.constant(1000L),
              tf.constant(false),
              types,
              List.of(Shape.of(Shape.UNKNOWN_SIZE)));
      var records =
          tf.data
              .datasetToSingleElement(all, types, List.of(Shape.of(Shape.UNKNOWN_SIZE)))
              .components()
              .get(0);
      var events = new ArrayList<Event>();
      for (NdArray<byte[]> record : ((TString) records.asTensor()).asBytes().scalars()) {
        events.add(Event.parseFrom(record.getObject()));
      }
      return events;
    }
  }
}
