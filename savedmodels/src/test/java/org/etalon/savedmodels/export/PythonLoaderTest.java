package org.etalon.savedmodels.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.etalon.graph.program.Decoder;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * TensorFlow's Python loader gives the tokens and log-probabilities of the in-process decoder.
 * Needs a Python with TensorFlow, named by the environment variable ETALON_TENSORFLOW_PYTHON.
 */
class PythonLoaderTest {
  private static final int NEW = 20;
  private static final Path SCRIPT = Path.of("src/test/python/compare_python_loader.py");
  private static final List<int[]> PROMPTS =
      List.of(new int[] {5, 9, 300, 41}, new int[] {17}, new int[] {700, 3, 3, 8, 120, 66, 2});

  @TempDir private Path folder;

  @Test
  void pythonGivesTheDecodersAnswers() throws Exception {
    String python = System.getenv("ETALON_TENSORFLOW_PYTHON");
    assumeTrue(
        python != null,
        "set ETALON_TENSORFLOW_PYTHON to a Python that has tensorflow-cpu 2.18 installed");
    Path version;
    Path expected = folder.resolve("expected.json");
    try (SmallExport export = new SmallExport()) {
      version = export.write(folder.resolve("model"), SmallExport.STOP);
      write(expected, export, version);
    }
    Process process =
        new ProcessBuilder(python, SCRIPT.toString(), version.toString(), expected.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    said.lines()
        .filter(line -> line.matches("(alone|together|score|warm-up):.*"))
        .forEach(System.out::println);
  }

  private static void write(Path file, SmallExport export, Path version) throws IOException {
    List<Request> requests = PROMPTS.stream().map(p -> new Request(p, 0, NEW)).toList();
    List<Completion> completions =
        new RolloutEngine(
                new Decoder(export.program, 4, SmallExport.WINDOW, 2, 8), Set.of(SmallExport.STOP))
            .generate(requests, Sampling.greedy());
    List<float[]> scores;
    try (ServedModel served = ServedModel.load(version)) {
      scores = served.score(PROMPTS);
    }
    Files.writeString(
        file,
        JsonMapper.builder()
            .build()
            .writeValueAsString(
                Map.of(
                    "new", NEW,
                    "prompts", PROMPTS,
                    "ids", completions.stream().map(Completion::ids).toList(),
                    "logprobs", completions.stream().map(Completion::logps).toList(),
                    "scores", scores)));
  }
}
