package org.etalon.training.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.training.config.Configuration;
import org.etalon.training.run.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input gives one line that names the place and the remedy, exit code 2, and no lost file. */
class BadInputTest {
  @TempDir Path folder;

  private TinyRun.Outcome run(String command, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--quiet"));
    args.addAll(
        List.of(
            "--config", TinyRun.config(folder).toString(), "--out", folder.resolve("run") + ""));
    args.addAll(List.of(more));
    return TinyRun.run(args.toArray(String[]::new));
  }

  private static void assertOneLine(TinyRun.Outcome outcome, String... parts) {
    assertEquals(2, outcome.exit(), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    for (String part : parts) {
      assertTrue(outcome.err().contains(part), "expected " + part + " in " + outcome.err());
    }
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void unknownKeyNamesItsNeighbour() {
    Path file = write("typo.yaml", "mgpo:\n  rollout: 4\n");
    assertOneLine(
        TinyRun.run("mgpo", "--config", file.toString(), "--out", folder.resolve("run") + ""),
        "typo.yaml:2",
        "mgpo.rollout",
        "mgpo.rollouts");
  }

  @Test
  void missingConfigurationFile() {
    assertOneLine(
        TinyRun.run("sft", "--config", folder + "/none.yaml", "--out", folder + "/run"),
        "none.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"prompt\": \"1+1?\", \"answer\": \"2\", \"traces\": [\"x\"]|bad.jsonl:2",
        "{\"prompt\": \"1+1?\", \"traces\": [\"x\"]}|answer",
        "{\"prompt\": \"1+1?\", \"answer\": \"2\", \"trace\": [\"x\"]}|did you mean",
        "{\"prompt\": \"1+1?\", \"answer\": \"2\"}|bad.jsonl:2: field \"traces\": expected at least one trace"
      })
  void badProblemLine(String line, String part) {
    Path file =
        write(
            "bad.jsonl",
            "{\"prompt\": \"0+1?\", \"answer\": \"1\", \"traces\": [\"y\"]}\n" + line + "\n");
    assertOneLine(run("decontaminate", "--set", "data.sft=" + file), part);
    assertTrue(Files.notExists(folder.resolve("run/data/manifest.json")));
  }

  @Test
  void aBenchmarkIsReadBeforeAnythingIsTrained() {
    assertOneLine(
        run("pipeline", "--set", "eval.benchmarks=[{name: aime24, file: none.parquet}]"),
        "none.parquet");
    assertTrue(Files.notExists(folder.resolve("run/sft")));
  }

  @Test
  void aTrainingProblemOfABenchmarkIsDropped() throws IOException {
    Path file =
        write("mine.jsonl", "{\"id\": \"b7\", \"prompt\": \"RL algebra, 4!\", \"answer\": \"2\"}");
    assertEquals(
        0,
        run("decontaminate", "--set", "eval.benchmarks=[{name: mine, file: " + file + "}]").exit());
    String dropped = Files.readString(folder.resolve("run/data/dropped.jsonl"));
    assertTrue(dropped.contains("\"rl-4\"") && dropped.contains("mine/b7"), dropped);
  }

  @Test
  void promptLongerThanTheWindow() {
    assertEquals(0, run("decontaminate", "--set", "model.maxPositions=20").exit());
    assertOneLine(run("sft", "--set", "model.maxPositions=20"), "window of 20", "tokens");
    assertTrue(Files.notExists(folder.resolve("run/sft/checkpoints")));
  }

  @Test
  void stageBeforeItsTurnNamesTheCommand() {
    assertOneLine(run("fuse"), "etalon sft --out");
  }

  @Test
  void foreignFolderIsLeftAlone() {
    Path run = folder.resolve("run");
    assertTrue(run.toFile().mkdir());
    write("run/precious.txt", "mine");
    Map<String, String> before = TinyRun.hashes(run);
    assertOneLine(run("decontaminate"), "precious.txt", "--out");
    assertEquals(before, TinyRun.hashes(run));
  }

  @Test
  void folderOfAnotherRunIsLeftAlone() {
    assertEquals(0, run("decontaminate").exit());
    Map<String, String> before = TinyRun.hashes(folder.resolve("run"));
    assertOneLine(run("decontaminate", "--set", "seed=3"), "seed", "2 there, 3 here");
    assertEquals(before, TinyRun.hashes(folder.resolve("run")));
  }

  @Test
  void secondRunInOneFolderIsRefused() {
    Path out = folder.resolve("run");
    Path config = TinyRun.config(folder);
    try (RunFolder held = RunFolder.open(out, Configuration.load(Optional.of(config), List.of()))) {
      assertEquals(out, held.root());
      assertOneLine(run("decontaminate"), "in use by process");
    }
  }

  @Test
  void aFlippedByteIsRefusedByName() throws IOException {
    assertEquals(0, run("decontaminate").exit());
    flip(folder.resolve("run/data/sft.jsonl"));
    assertOneLine(run("sft"), "data/sft.jsonl", "damaged");
    Files.delete(folder.resolve("run/data/manifest.json"));
    assertEquals(0, run("decontaminate").exit());
    assertEquals(0, run("sft").exit());
    flip(folder.resolve("run/sft/checkpoints/step-000016/tensors.data-00000-of-00001"));
    assertOneLine(run("probe"), "step-000016", "damaged");
  }

  private static void flip(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }
}
