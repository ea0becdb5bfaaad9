package org.etalon.training.pipeline;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.File;
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
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.etalon.training.cli.Etalon;
import picocli.CommandLine;

/**
 * Runs of the whole pipeline on a model so small that seconds are enough. Problems have a digit as
 * their answer: after some steps the model boxes one of three and is right often enough by chance
 * that groups carry a signal, so the signal phase moves its weights.
 */
final class TinyRun {
  /** With this seed the two subdomains have specialists of different steps. */
  private static final String CONFIG =
      """
      seed: 2
      data: {sft: DATA/sft.jsonl, rl: DATA/rl.jsonl, probe: DATA/probe.jsonl, test: DATA/test.jsonl}
      model:
        {hidden: 32, intermediate: 64, layers: 2, heads: 2, kvHeads: 1, headDim: 16,
         maxPositions: 96}
      sft:
        {rows: 4, length: 64, microRows: 2, steps: 32, saveEvery: 8, headChunk: 100,
         learningRate: 0.01, minLearningRate: 0.001}
      probe: {samples: 4, k: 2, maxNewTokens: 12, slots: 16}
      mgpo:
        {steps: 8, promptsPerStep: 4, rollouts: 4, rowLength: 64, microRows: 4, slots: 16, saveEvery: 2,
         stages: [{steps: 4, maxNewTokens: 10}, {steps: 4, maxNewTokens: 12}]}
      eval:
        {samples: 4, k: 2, maxNewTokens: 12, slots: 16, bootstrapSamples: 100,
         benchmarks: [{name: tiny, file: DATA/test.jsonl, samples: 2, maxNewTokens: 8}],
         benchmarkModels: ends}
      export: {maxNewTokens: 12, rows: 2}
      """;

  private static final int ANSWERS = 3;

  private TinyRun() {}

  /** What a command did: its exit code and what it wrote to standard error. */
  record Outcome(int exit, String err) {}

  /** Writes problem sets and the configuration that names them into a folder. */
  static Path config(Path folder) {
    try {
      Path data = Files.createDirectories(folder.resolve("problems"));
      ProblemFile.write(data.resolve("sft.jsonl"), problems("sft", 24, true));
      ProblemFile.write(data.resolve("rl.jsonl"), problems("rl", 12, false));
      ProblemFile.write(data.resolve("probe.jsonl"), problems("probe", 8, false));
      ProblemFile.write(data.resolve("test.jsonl"), problems("test", 8, false));
      return Files.writeString(
          folder.resolve("tiny.yaml"), CONFIG.replace("DATA", data.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Problem> problems(String set, int count, boolean traces) {
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String subdomain = i % 2 == 0 ? "algebra" : "geometry";
      String answer = Integer.toString(1 + i % ANSWERS);
      problems.add(
          new Problem(
              set + "-" + i,
              subdomain,
              set + " " + subdomain + " " + i,
              answer,
              traces ? List.of("\\boxed{" + answer + "}") : List.of()));
    }
    return problems;
  }

  /** Runs a command in this process. */
  static Outcome run(String... args) {
    StringWriter err = new StringWriter();
    CommandLine etalon = Etalon.commandLine();
    etalon.setErr(new PrintWriter(err, true));
    int exit = etalon.execute(args);
    return new Outcome(exit, err.toString());
  }

  /** Starts the main class of a command in a process of its own; both its streams go to a file. */
  static Process start(Class<?> main, File output, String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
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
