package org.etalon.data.grade.code;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.data.problem.Utf8Lines;

/**
 * Runs a file of programs, one JSON object a line: {@code id} (a string or a number), one of {@code
 * response} (its last fenced block is the program) and {@code code}, and the fields of {@link
 * CodeTests}. Writes {@code {"id", "verdict", "failed_test", "seconds", "memory_mb", "message"}} in
 * the order of the input; {@code failed_test} counts from 0 and is null if no test failed.
 *
 * <p>Every line is checked before the first program runs, so that a bad one costs no work. Memory
 * does not grow with the file.
 */
public final class RunCodeFile {
  private static final ImmutableSet<String> FIELDS =
      ImmutableSet.<String>builder()
          .add("id", "response", "code")
          .addAll(CodeTestsJson.FIELDS)
          .build();

  private RunCodeFile() {}

  private record Program(JsonNode id, Optional<String> code, CodeTests tests) {}

  /**
   * Runs them.
   *
   * @param workers programs that run at once
   * @return how many got each verdict
   * @throws DataException naming file and line of what is no program, or what is missing for a
   *     sandbox; {@code output} is then as it was
   */
  public static Map<CodeVerdict, Integer> run(Path input, Path output, int workers) {
    check(input);
    Map<CodeVerdict, Integer> counts = new EnumMap<>(CodeVerdict.class);
    ExecutorService threads = Executors.newFixedThreadPool(workers);
    try (ProgramRunner runner = new ProgramRunner(workers)) {
      AtomicFile.write(
          output,
          out -> {
            try (Utf8Lines lines = new Utf8Lines(input)) {
              // As many wait as run: enough to keep every worker busy.
              Queue<Future<Row>> rows = new ArrayDeque<>();
              for (String line = lines.next(); line != null; line = lines.next()) {
                Program program = parse(line, lines.place());
                rows.add(threads.submit(runs(runner, program)));
                if (rows.size() > 2 * workers) {
                  write(rows.remove(), out, counts);
                }
              }
              while (!rows.isEmpty()) {
                write(rows.remove(), out, counts);
              }
            }
          });
    } finally {
      threads.shutdownNow();
    }
    return counts;
  }

  private static void check(Path input) {
    try (Utf8Lines lines = new Utf8Lines(input)) {
      long count = 0;
      for (String line = lines.next(); line != null; line = lines.next()) {
        parse(line, lines.place());
        count++;
      }
      if (count == 0) {
        throw new DataException(
            input + ": expected at least one program, got an empty file; add a line");
      }
    } catch (IOException e) {
      throw new DataException(input + ": cannot be read (" + e + ")", e);
    }
  }

  private static Program parse(String line, String place) {
    JsonNode node = JsonText.object(line, place);
    CodeTestsJson.refuseUnknown(node, FIELDS, place, "");
    if (node.has("response") == node.has("code")) {
      throw new DataException(
          place
              + ": expected one of \"response\" and \"code\", got "
              + (node.has("code") ? "both" : "neither")
              + "; give the line one of them");
    }
    JsonNode id = node.path("id");
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw CodeTestsJson.wrong(place, "id", "a string or a whole number", id);
    }
    CodeTests tests = CodeTestsJson.readFields(node, place);
    return new Program(
        id,
        node.has("code")
            ? Optional.of(CodeTestsJson.text(node, "code", place))
            : CodeBlock.last(CodeTestsJson.text(node, "response", place)),
        tests);
  }

  private record Row(CodeVerdict verdict, byte[] line) {}

  private static Callable<Row> runs(ProgramRunner runner, Program program) {
    return () -> {
      CodeResult result =
          program.code().isPresent()
              ? runner.run(program.code().get(), program.tests())
              : new CodeResult(CodeVerdict.RE, 0, 0, 0, "no fenced block of code");
      return new Row(result.verdict(), line(program.id(), result));
    };
  }

  private static byte[] line(JsonNode id, CodeResult result) {
    ObjectNode node = JsonText.newObject();
    node.set("id", id);
    node.put("verdict", result.verdict().name());
    if (result.failedTest() == CodeResult.NONE_FAILED) {
      node.putNull("failed_test");
    } else {
      node.put("failed_test", result.failedTest());
    }
    node.put("seconds", Math.round(result.seconds() * 1000) / 1000.0);
    node.put("memory_mb", Math.round(result.memoryMb() * 10) / 10.0);
    node.put("message", result.message());
    return (node + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Future<Row> row, OutputStream out, Map<CodeVerdict, Integer> counts)
      throws IOException {
    try {
      Row done = row.get();
      counts.merge(done.verdict(), 1, Integer::sum);
      out.write(done.line());
    } catch (ExecutionException e) {
      throw e.getCause() instanceof DataException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("interrupted; run it again", e);
    }
  }
}
