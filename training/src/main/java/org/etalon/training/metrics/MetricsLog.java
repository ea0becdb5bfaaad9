package org.etalon.training.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.etalon.data.DataException;
import org.etalon.training.run.AtomicFiles;

/**
 * An append-only {@code metrics.jsonl}: one JSON object per step with {@code step}, {@code time}
 * (UTC), {@code seconds} and the values by name. Values that are not finite are the texts {@code
 * "NaN"}, {@code "Infinity"}, {@code "-Infinity"}, since JSON has no such numbers.
 */
public final class MetricsLog implements AutoCloseable {
  /** Name of the file. */
  public static final String FILE = "metrics.jsonl";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final Path file;
  private final FileChannel channel;

  private MetricsLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * One step.
   *
   * @param step the optimizer or rollout step, from 1
   * @param seconds how long it took
   * @param values the whole line, by name
   */
  public record Row(long step, double seconds, JsonNode values) {
    /** A value as a number, or empty where it is missing or not a number. */
    public OptionalDouble number(String name) {
      JsonNode value = values.path(name);
      if (value.isNumber()) {
        return OptionalDouble.of(value.doubleValue());
      }
      return switch (value.asText()) {
        case "NaN" -> OptionalDouble.of(Double.NaN);
        case "Infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
        case "-Infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
        default -> OptionalDouble.empty();
      };
    }

    /** A value as numbers, empty where it is missing or not a list. */
    public List<Double> numbers(String name) {
      ImmutableList.Builder<Double> numbers = ImmutableList.builder();
      values.path(name).forEach(element -> numbers.add(element.asDouble()));
      return numbers.build();
    }
  }

  /**
   * Opens the file for appending after {@code lastStep}; lines beyond it, and a line that a crash
   * cut, are removed. So a resumed run writes each step once.
   *
   * @param lastStep the last step that the resumed checkpoint contains; 0 to begin anew
   */
  public static MetricsLog open(Path file, long lastStep) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      long keep = Files.exists(file) ? keptBytes(file, lastStep) : 0;
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.truncate(keep);
      channel.position(keep);
      return new MetricsLog(file, channel);
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
  }

  /**
   * Appends one step and hands it to the operating system at once.
   *
   * @param values numbers, arrays or texts by name; not {@code step}, {@code time}, {@code seconds}
   */
  public void append(long step, double seconds, Map<String, ?> values) {
    var line = new LinkedHashMap<String, Object>();
    line.put("step", step);
    line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("seconds", seconds);
    values.forEach(
        (name, value) -> {
          if (line.putIfAbsent(name, value) != null) {
            throw new IllegalArgumentException(
                "a metric must not be called " + name + "; the log writes that field itself");
          }
        });
    try {
      byte[] bytes = (MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw AtomicFiles.failure(file, e);
    }
  }

  /**
   * All complete lines of a metrics file; a last line that a crash cut is left out.
   *
   * @throws DataException if a complete line is not a JSON object with a step
   */
  public static List<Row> read(Path file) {
    var rows = new ArrayList<Row>();
    try {
      scan(file, (row, end) -> rows.add(row));
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage(), e);
    }
    return rows;
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

  private interface Visitor {
    /** Takes a row and the offset behind it; false ends the scan. */
    boolean visit(Row row, long end);
  }

  private static long keptBytes(Path file, long lastStep) throws IOException {
    long[] keep = {0};
    scan(
        file,
        (row, end) -> {
          if (row.step() > lastStep) {
            return false;
          }
          keep[0] = end;
          return true;
        });
    return keep[0];
  }

  private static void scan(Path file, Visitor visitor) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int begin = 0;
    int number = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        number++;
        String line = new String(bytes, begin, i - begin, StandardCharsets.UTF_8);
        if (!visitor.visit(row(file, number, line), i + 1L)) {
          return;
        }
        begin = i + 1;
      }
    }
  }

  private static Row row(Path file, int number, String line) {
    try {
      JsonNode node = MAPPER.readTree(line);
      if (!node.path("step").isIntegralNumber()) {
        throw new DataException(
            file + ":" + number + ": expected an object with a whole number step, got " + line);
      }
      return new Row(node.path("step").longValue(), node.path("seconds").asDouble(), node);
    } catch (JsonProcessingException e) {
      throw new DataException(
          file + ":" + number + ": not JSON: " + e.getOriginalMessage() + "; remove the line", e);
    }
  }
}
