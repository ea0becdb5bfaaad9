package org.etalon.training.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.training.run.AtomicFiles;

/**
 * The samples of one benchmark as JSON lines, appended and forced to disk when all samples of some
 * problems are there. Opened again it goes on after the last problem that is complete; what a crash
 * left of another is cut off.
 */
final class SampleFile implements AutoCloseable {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private final Path file;
  private final FileChannel channel;
  private final List<List<Sample.Outcome>> outcomes;

  private SampleFile(Path file, FileChannel channel, List<List<Sample.Outcome>> outcomes) {
    this.file = file;
    this.channel = channel;
    this.outcomes = outcomes;
  }

  /**
   * Opens or creates a file.
   *
   * @param ids of the problems in their order
   * @param samples responses per problem
   * @throws DataException naming file and line of what is no sample of the problem whose turn it is
   */
  static SampleFile open(Path file, List<String> ids, int samples) {
    List<List<Sample.Outcome>> outcomes = new ArrayList<>();
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      long end = Files.exists(file) ? read(file, ids, samples, outcomes) : 0;
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.truncate(end);
      channel.position(end);
      return new SampleFile(file, channel, outcomes);
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
  }

  /** Reads the complete problems; returns where they end. */
  private static long read(
      Path file, List<String> ids, int samples, List<List<Sample.Outcome>> outcomes)
      throws IOException {
    long end = 0;
    long position = 0;
    long number = 0;
    List<Sample.Outcome> group = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (byte[] line = line(in); line != null; line = line(in)) {
        position += line.length + 1;
        number++;
        group.add(parse(file, number, line, ids, outcomes.size(), group.size()));
        if (group.size() == samples) {
          outcomes.add(List.copyOf(group));
          group.clear();
          end = position;
        }
      }
    }
    return end;
  }

  /** The next line that has an end, or null: a last line without one was being written. */
  private static byte[] line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return line.toByteArray();
      }
      line.write(b);
    }
    return null;
  }

  private static Sample.Outcome parse(
      Path file, long number, byte[] line, List<String> ids, int problem, int sample)
      throws IOException {
    String remedy = "; it was changed after it was written: delete it to sample anew";
    try {
      Sample read = JSON.readValue(line, Sample.class);
      if (problem >= ids.size() || !read.id().equals(ids.get(problem)) || read.sample() != sample) {
        String expected =
            problem < ids.size() ? "sample " + sample + " of " + ids.get(problem) : "the end";
        throw new DataException(
            "%s:%d: expected %s, got sample %d of %s%s"
                .formatted(file, number, expected, read.sample(), read.id(), remedy));
      }
      return read.outcome();
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s:%d: not a sample (%s)%s".formatted(file, number, e.getOriginalMessage(), remedy), e);
    }
  }

  /** The problems that are complete, in their order, each with its samples. */
  List<List<Sample.Outcome>> outcomes() {
    return outcomes;
  }

  /** Adds the samples of problems that follow, all of each, and forces them to disk. */
  void append(List<List<Sample>> problems) {
    var bytes = new ByteArrayOutputStream();
    try {
      for (List<Sample> group : problems) {
        for (Sample sample : group) {
          bytes.write(JSON.writeValueAsBytes(sample));
          bytes.write('\n');
        }
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
    problems.forEach(group -> outcomes.add(group.stream().map(Sample::outcome).toList()));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
  }
}
