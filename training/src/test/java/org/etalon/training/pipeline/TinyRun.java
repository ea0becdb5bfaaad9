package org.etalon.training.pipeline;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.etalon.training.cli.Etalon;
import picocli.CommandLine;

/** Runs of the whole pipeline on a model so small that a minute is enough. */
final class TinyRun {
  static final String CONFIG =
      """
      data: {builtin: {sft: 240, rl: 96, probe: 48, test: 48, tracesPerProblem: 2}}
      model: {hidden: 32, intermediate: 48, layers: 2, heads: 2, kvHeads: 1, headDim: 16}
      sft: {rows: 4, length: 192, microRows: 2, steps: 20, saveEvery: 5, headChunk: 100}
      probe: {samples: 2, k: 2, problemsPerSubdomain: 3, maxNewTokens: 12, slots: 8}
      mgpo:
        {steps: 8, promptsPerStep: 4, rollouts: 4, microRows: 8, slots: 8, saveEvery: 1,
         stages: [{steps: 4, maxNewTokens: 8}, {steps: 4, maxNewTokens: 12}],
         dropUninformative: false}
      eval: {samples: 2, k: 2, problems: 6, maxNewTokens: 12, slots: 8, bootstrapSamples: 100}
      export: {maxNewTokens: 8, rows: 2}
      """;

  private TinyRun() {}

  /** What a command did: its exit code and what it wrote to standard error. */
  record Outcome(int exit, String err) {}

  static Path config(Path folder) {
    try {
      return Files.writeString(folder.resolve("tiny.yaml"), CONFIG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command in this process. */
  static Outcome run(String... args) {
    StringWriter err = new StringWriter();
    CommandLine etalon = Etalon.commandLine();
    etalon.setErr(new PrintWriter(err, true));
    int exit = etalon.execute(args);
    return new Outcome(exit, err.toString());
  }

  /** Starts a command in a process of its own. */
  static Process start(String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Etalon.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** SHA-256 of every file below a folder but locks, by relative path. */
  static Map<String, String> hashes(Path folder) {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().equals(".lock")) {
          hashes.put(
              folder.relativize(file).toString(),
              MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return hashes;
  }
}
