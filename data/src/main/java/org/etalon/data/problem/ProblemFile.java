package org.etalon.data.problem;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.common.collect.AbstractIterator;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.data.problem.FingerprintTable.Fingerprint;

/**
 * Problems as JSON lines: {@code {"id", "subdomain", "prompt", "answer", "traces": […], "kind"}},
 * one object a line, UTF-8.
 *
 * <p>{@code traces} may be left out, and so may {@code id} (then {@code line-N}), {@code subdomain}
 * (then {@code general}) and {@code kind} (then {@code math}). Everything else is refused with a
 * {@link DataException} that names file, line and field: unknown or repeated fields, wrong types,
 * blank or missing text, blank lines between problems, repeated ids, bytes that are not UTF-8. Our
 * choice: strict, because a line that is read wrongly trains the model on something nobody looked
 * at.
 */
public final class ProblemFile {
  private static final JsonFactory JSON = new JsonFactory();

  private ProblemFile() {}

  /**
   * All problems of a file, in its order.
   *
   * @throws DataException if the file or a line cannot be used, or if there is no problem in it
   */
  public static List<Problem> read(Path file) {
    try (Stream<Problem> problems = stream(file)) {
      return problems.collect(ImmutableList.toImmutableList());
    }
  }

  /**
   * The same, for distillation: a problem without a trace is refused.
   *
   * @throws DataException as {@link #read}, or naming the first line without traces
   */
  public static List<Problem> readWithTraces(Path file) {
    ImmutableList.Builder<Problem> problems = ImmutableList.builder();
    try (Utf8Lines lines = new Utf8Lines(file)) {
      Problems all = new Problems(file, lines);
      while (all.hasNext()) {
        Problem problem = all.next();
        if (problem.traces().isEmpty()) {
          throw new DataException(
              lines.place()
                  + ": field \"traces\": expected at least one trace to distil from, got none;"
                  + " add one, or leave the problem to the signal phase");
        }
        problems.add(problem);
      }
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read (" + e + ")", e);
    }
    return problems.build();
  }

  /**
   * The problems of a file, read while they are consumed; the caller closes the stream.
   *
   * <p>Memory grows by about 30 bytes an id, to find a repeated one.
   *
   * @throws DataException now if the file cannot be opened, while consuming if a line cannot be
   *     used
   */
  public static Stream<Problem> stream(Path file) {
    Utf8Lines lines = new Utf8Lines(file);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(
                new Problems(file, lines), Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(
            () -> {
              try {
                lines.close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /**
   * Writes problems to a temporary file beside {@code file} and renames it, so that a reader never
   * sees half of it.
   *
   * @throws DataException if two problems share an id or the disk refuses; {@code file} is then as
   *     it was
   */
  public static void write(Path file, Iterable<Problem> problems) {
    AtomicFile.write(
        file,
        out -> {
          FingerprintTable seen = new FingerprintTable();
          long number = 0;
          for (Problem problem : problems) {
            number++;
            refuseRepeatedId(seen, problem.id(), number, file + ":" + number);
            writeLine(problem, out);
          }
        });
  }

  /**
   * Writes one line, with its break.
   *
   * @throws IOException if {@code out} does
   */
  public static void writeLine(Problem problem, OutputStream out) throws IOException {
    try (JsonGenerator json =
        JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
      json.writeStartObject();
      json.writeStringField(ProblemLine.ID, problem.id());
      json.writeStringField(ProblemLine.SUBDOMAIN, problem.subdomain());
      json.writeStringField(ProblemLine.PROMPT, problem.prompt());
      json.writeStringField(ProblemLine.ANSWER, problem.answer());
      if (!problem.traces().isEmpty()) {
        json.writeArrayFieldStart(ProblemLine.TRACES);
        for (String trace : problem.traces()) {
          json.writeString(trace);
        }
        json.writeEndArray();
      }
      if (problem.kind() != Kind.MATH) {
        json.writeStringField(ProblemLine.KIND, problem.kind().label());
      }
      json.writeEndObject();
    }
    out.write("\n".getBytes(StandardCharsets.UTF_8));
  }

  private static void refuseRepeatedId(
      FingerprintTable seen, String id, long number, String place) {
    long first = seen.putIfAbsent(Fingerprint.of(id), number);
    if (first >= 0) {
      throw new DataException(
          place
              + ": field \"id\": expected an id of its own, got \""
              + id
              + "\" which line "
              + first
              + " has already; rename one of them");
    }
  }

  /** Whether a line holds nothing but blanks, tabs and carriage returns. */
  public static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private static final class Problems extends AbstractIterator<Problem> {
    private final Path file;
    private final Utf8Lines lines;
    private final FingerprintTable seen = new FingerprintTable();

    Problems(Path file, Utf8Lines lines) {
      this.file = file;
      this.lines = lines;
    }

    @Override
    protected Problem computeNext() {
      byte[] line = lines.nextBytes();
      if (line != null && isBlank(line)) {
        refuseLineAfterBlank();
        line = null;
      }
      if (line == null) {
        if (seen.size() == 0) {
          throw new DataException(
              file + ": expected at least one problem, got an empty file; add a line");
        }
        return endOfData();
      }
      Problem problem = ProblemLine.parse(line, lines.place(), "line-" + lines.number());
      refuseRepeatedId(seen, problem.id(), lines.number(), lines.place());
      return problem;
    }

    private void refuseLineAfterBlank() {
      String blank = lines.place();
      for (byte[] line = lines.nextBytes(); line != null; line = lines.nextBytes()) {
        if (!isBlank(line)) {
          throw new DataException(
              blank + ": expected a JSON object, got a blank line; remove the line");
        }
      }
    }
  }
}
