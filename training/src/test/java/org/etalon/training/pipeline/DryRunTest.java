package org.etalon.training.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.etalon.training.cli.Etalon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A dry run prints, writes nothing, and says what a run would say. */
class DryRunTest {
  /** Less than any process has. */
  private static final String NO_ROOM = "memory.limitGiB=0.1";

  @TempDir Path folder;

  private record Outcome(int exit, String out, String err) {}

  private Outcome run(String command, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "--config",
                TinyRun.config(folder).toString(),
                "--out",
                folder.resolve("run").toString(),
                "--quiet"));
    args.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine etalon = Etalon.commandLine();
    etalon.setOut(new PrintWriter(out, true));
    etalon.setErr(new PrintWriter(err, true));
    int exit = etalon.execute(args.toArray(String[]::new));
    return new Outcome(exit, out.toString(), err.toString());
  }

  private static List<String> rows(Outcome outcome) {
    return outcome.out.lines().map(line -> line.replaceAll(" .*", "")).toList();
  }

  @Test
  void aDryRunPrintsEachStageAndWritesNothing() {
    Map<String, String> before = hashesWithConfiguration();
    Outcome all = run("pipeline", "--dry-run");
    assertEquals("", all.err);
    assertEquals(0, all.exit);
    assertEquals(List.of("GiB", "sft", "probe", "fuse", "mgpo", "eval", "available:"), rows(all));
    assertEquals(List.of("GiB", "sft", "available:"), rows(run("sft", "--dry-run")));
    assertEquals(List.of("GiB", "mgpo", "available:"), rows(run("mgpo", "--dry-run")));
    assertFalse(Files.exists(folder.resolve("run")));
    assertEquals(before, TinyRun.hashes(folder));
  }

  private Map<String, String> hashesWithConfiguration() {
    TinyRun.config(folder);
    return TinyRun.hashes(folder);
  }

  @Test
  void aDryRunOfARunThatHasItsDataReadsThem() throws Exception {
    assertEquals(0, run("decontaminate").exit);
    Map<String, String> before = TinyRun.hashes(folder.resolve("run"));
    assertEquals(0, run("mgpo", "--dry-run").exit);
    assertEquals(before, TinyRun.hashes(folder.resolve("run")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sft", "mgpo", "pipeline"})
  void whatDoesNotFitIsPrintedAndRefused(String command) {
    Outcome outcome = run(command, "--dry-run", "--set", NO_ROOM);
    assertEquals(2, outcome.exit);
    assertTrue(outcome.out.contains("available: 0.1 GiB (memory.limitGiB)"), outcome.out);
    assertEquals(1, outcome.err.lines().count(), outcome.err);
    assertTrue(outcome.err.contains("is predicted to need"), outcome.err);
    assertTrue(outcome.err.contains("take a smaller model or a larger device"), outcome.err);
    assertFalse(Files.exists(folder.resolve("run")));
  }

  @Test
  void badDataAndModelsAreFoundWithoutARun() {
    assertFound(run("sft", "--dry-run", "--set", "sft.length=16"), "raise sft.length");
    assertFound(run("mgpo", "--dry-run", "--set", "model.maxPositions=20"), "window of 20");
    assertFound(run("sft", "--dry-run", "--set", "model.from=nowhere"), "nowhere");
    assertFound(run("sft", "--dry-run", "--set", "data.sft=none.jsonl"), "none.jsonl");
  }

  private static void assertFound(Outcome outcome, String part) {
    assertEquals(2, outcome.exit, outcome.err);
    assertTrue(outcome.err.contains(part), outcome.err);
  }

  /** A refused run can go on: the key that decides it is no part of what a run is. */
  @Test
  void aRunIsRefusedBeforeItStartsUnlessToldOtherwise() {
    assertEquals(0, run("decontaminate", "--set", NO_ROOM).exit);
    Outcome refused = run("sft", "--set", NO_ROOM);
    assertEquals(2, refused.exit);
    assertTrue(refused.err.contains("sft is predicted to need"), refused.err);
    assertFalse(Files.exists(folder.resolve("run/sft/checkpoints")));
    assertEquals(0, run("sft", "--set", NO_ROOM, "--set", "memory.check=warn").exit);
    assertTrue(Files.exists(folder.resolve("run/sft/manifest.json")));
  }

  @Test
  void aPipelineWhoseLaterStageWouldNotFitDoesNotBegin() {
    String[] tooManySlots = {"--set", "mgpo.slots=65536", "--set", "memory.limitGiB=2"};
    Outcome refused = run("pipeline", tooManySlots);
    assertEquals(2, refused.exit);
    assertTrue(refused.err.contains("mgpo is predicted to need"), refused.err);
    assertFalse(refused.err.contains("sft is predicted to need"), refused.err);
    assertFalse(Files.exists(folder.resolve("run/data")));
  }

  @Test
  void aStageWithoutADryRunSaysSo() {
    Outcome outcome = run("fuse", "--dry-run");
    assertEquals(2, outcome.exit);
    assertTrue(outcome.err.contains("has no --dry-run; sft, mgpo and pipeline do"), outcome.err);
  }
}
