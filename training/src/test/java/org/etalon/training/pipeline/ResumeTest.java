package org.etalon.training.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.etalon.data.manifest.Manifest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is killed or stopped, and run again, is the run that was left in peace. */
class ResumeTest {
  private static final int MOST_SECONDS = 240;
  private static final int STOPPED = 143;

  @TempDir static Path folder;
  private static Path whole;

  @BeforeAll
  static void runOnce() {
    whole = folder.resolve("whole");
    assertEquals(new TinyRun.Outcome(0, ""), run(whole));
  }

  private static TinyRun.Outcome run(Path out) {
    List<String> command = new ArrayList<>(List.of("pipeline"));
    command.addAll(List.of(arguments(out)));
    return TinyRun.run(command.toArray(String[]::new));
  }

  private static String[] arguments(Path out) {
    return new String[] {
      "--config", TinyRun.config(folder).toString(), "--out", out.toString(), "--quiet"
    };
  }

  /** Runs the pipeline in a process of its own until a file appears. */
  private static Process runUntil(Path out, String file) throws Exception {
    Process process =
        TinyRun.start(
            Pipeline.class, folder.resolve(out.getFileName() + ".log").toFile(), arguments(out));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!Files.exists(out.resolve(file))) {
      assertTrue(process.isAlive(), () -> "ended before " + file + ": " + log(out));
      assertTrue(System.nanoTime() < end, file + " did not appear");
      Thread.sleep(2);
    }
    return process;
  }

  private static String log(Path out) {
    try {
      return Files.readString(folder.resolve(out.getFileName() + ".log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sft/resume/step-000016/manifest.json",
        "probe/manifest.json",
        "mgpo/resume/step-000004/manifest.json",
        "mgpo/weights"
      })
  void aKilledRunGoesOnBitForBit(String file) throws Exception {
    Path out = folder.resolve("killed-at-" + file.replace('/', '-'));
    Process process = runUntil(out, file);
    process.destroyForcibly().waitFor();
    assertEquals(new TinyRun.Outcome(0, ""), run(out));
    assertEquals(List.of(), RunContent.differences(whole, out));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sft/checkpoints/step-000008", "mgpo/resume/step-000002"})
  void aStoppedRunSaysSoAndGoesOnBitForBit(String file) throws Exception {
    Path out = folder.resolve("stopped-at-" + file.replace('/', '-'));
    Process process = runUntil(out, file);
    process.destroy();
    assertTrue(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS));
    assertEquals(STOPPED, process.exitValue());
    String stage = file.substring(0, file.indexOf('/'));
    assertTrue(log(out).contains(stage + " stopped at step "), log(out));
    assertEquals(new TinyRun.Outcome(0, ""), run(out));
    assertEquals(List.of(), RunContent.differences(whole, out));
  }

  /** The moment between a stage's manifest and the end of what it would have gone on from. */
  @Test
  void aStageThatIsCompleteNeedsNothingToGoOnFrom() throws IOException {
    Path stage = copyOf(whole.resolve("sft"));
    Path left = Files.createDirectories(stage.resolve("resume/step-000032"));
    Files.writeString(left.resolve("state.json"), "{}");
    Files.createDirectories(stage.resolve(".step-000032.deleted.tmp"));
    Files.writeString(stage.resolve(".step-000032.deleted.tmp/state.json"), "{}");
    Manifest manifest = Manifest.verify(stage);
    assertEquals(manifest.outputs(), Manifest.of("etalon", "sft", "", "").write(stage).outputs());
  }

  private static Path copyOf(Path stage) throws IOException {
    Path copy = folder.resolve("copy");
    try (var walk = Files.walk(stage)) {
      for (Path path : walk.toList()) {
        Files.copy(path, copy.resolve(stage.relativize(path).toString()));
      }
    }
    return copy;
  }
}
