package org.etalon.training.metrics;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.etalon.data.TfRecordWriter;
import org.etalon.training.run.AtomicFiles;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * Writes an event file that TensorBoard shows: scalars and histograms.
 *
 * <p>Each opening makes a new file, as TensorFlow's own writer does; its first events say from
 * which step the run goes on, so that TensorBoard drops the steps a crashed run had written beyond
 * it.
 */
public final class TensorBoardWriter implements AutoCloseable {
  private static final int BUCKETS = 30;

  private final Path file;
  private final FileChannel channel;
  private final TfRecordWriter records;

  private TensorBoardWriter(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.records = new TfRecordWriter(channel);
  }

  /**
   * Begins an event file in {@code folder}.
   *
   * @param lastStep the last step that the resumed checkpoint contains; 0 to begin anew
   */
  public static TensorBoardWriter open(Path folder, long lastStep) {
    try {
      Files.createDirectories(folder);
      Path file = newFile(folder);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      var writer = new TensorBoardWriter(file, channel);
      writer.write(Event.newBuilder().setFileVersion("brain.Event:2"));
      SessionLog start = SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START).build();
      writer.write(Event.newBuilder().setStep(lastStep + 1).setSessionLog(start));
      return writer;
    } catch (IOException e) {
      throw AtomicFiles.failure(folder, e);
    }
  }

  /** Writes one number per tag; values that are not finite are written too. */
  public void scalars(long step, Map<String, Double> values) {
    var summary = Summary.newBuilder();
    values.forEach(
        (tag, value) -> summary.addValueBuilder().setTag(tag).setSimpleValue(value.floatValue()));
    write(Event.newBuilder().setStep(step).setSummary(summary));
  }

  /** Writes the distribution of {@code values}, at least one, in equal buckets over their range. */
  public void histogram(long step, String tag, double[] values) {
    double min = Arrays.stream(values).min().orElseThrow();
    double max = Arrays.stream(values).max().orElseThrow();
    double width = max > min ? (max - min) / BUCKETS : 1;
    double[] edges = new double[BUCKETS];
    double[] counts = new double[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      edges[i] = i == BUCKETS - 1 && max > min ? max : min + (i + 1) * width;
    }
    for (double value : values) {
      counts[Math.min(BUCKETS - 1, (int) ((value - min) / width))]++;
    }
    double sum = Arrays.stream(values).sum();
    double squares = Arrays.stream(values).map(x -> x * x).sum();
    var proto =
        HistogramProto.newBuilder().setMin(min).setMax(max).setSum(sum).setSumSquares(squares);
    writeHistogram(step, tag, proto, edges, counts);
  }

  /**
   * Writes a distribution over the whole numbers 0, 1, … that is already counted, such as groups by
   * their number of correct rollouts.
   *
   * @param counts how often each number came
   */
  public void counts(long step, String tag, double[] counts) {
    double[] edges = new double[counts.length];
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < counts.length; i++) {
      edges[i] = i + 0.5;
      sum += counts[i] * i;
      squares += counts[i] * i * i;
    }
    var proto =
        HistogramProto.newBuilder()
            .setMin(-0.5)
            .setMax(counts.length - 0.5)
            .setSum(sum)
            .setSumSquares(squares);
    writeHistogram(step, tag, proto, edges, counts);
  }

  /** The event file. */
  public Path file() {
    return file;
  }

  /** Forces the file to disk and closes it. */
  @Override
  public void close() {
    try {
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
  }

  private void writeHistogram(
      long step, String tag, HistogramProto.Builder proto, double[] edges, double[] counts) {
    proto.setNum(Arrays.stream(counts).sum());
    Arrays.stream(edges).forEach(proto::addBucketLimit);
    Arrays.stream(counts).forEach(proto::addBucket);
    var summary = Summary.newBuilder();
    summary.addValueBuilder().setTag(tag).setHisto(proto);
    write(Event.newBuilder().setStep(step).setSummary(summary));
  }

  private void write(Event.Builder event) {
    try {
      records.write(event.setWallTime(System.currentTimeMillis() / 1000.0).build().toByteArray());
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
  }

  /** TensorBoard reads the files of a folder in the order of their names. */
  private static Path newFile(Path folder) {
    long seconds = System.currentTimeMillis() / 1000;
    for (int i = 0; ; i++) {
      Path file =
          folder.resolve(String.format("events.out.tfevents.%010d.%04d.etalon", seconds, i));
      if (!Files.exists(file)) {
        return file;
      }
    }
  }
}
