package org.etalon.training.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.training.metrics.MetricsLog;
import org.etalon.training.run.Manifest;
import org.etalon.training.run.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One uninterrupted tiny run, and what must equal it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PipelineTest {
  private static final List<String> WEIGHTS =
      List.of(
          "sft/checkpoints/step-000020/tensors.data-00000-of-00001",
          "fuse/weights/tensors.data-00000-of-00001",
          "mgpo/weights/tensors.data-00000-of-00001");

  @TempDir static Path folder;
  private static Path whole;

  @BeforeAll
  static void runOnce() {
    whole = folder.resolve("whole");
    TinyRun.Outcome outcome = run("pipeline", whole);
    assertEquals(0, outcome.exit(), outcome.err());
  }

  private static String[] arguments(String command, Path out) {
    return new String[] {
      command, "--config", TinyRun.config(folder).toString(), "--out", out.toString(), "--quiet"
    };
  }

  private static TinyRun.Outcome run(String command, Path out) {
    return TinyRun.run(arguments(command, out));
  }

  private static void assertSameWeights(Path other) {
    Map<String, String> expected = TinyRun.hashes(whole);
    Map<String, String> actual = TinyRun.hashes(other);
    for (String file : WEIGHTS) {
      assertTrue(expected.containsKey(file), file);
      assertEquals(expected.get(file), actual.get(file), file);
    }
  }

  @Test
  @Order(1)
  void everyStageLeavesAVerifiedFolder() {
    for (Stage stage : Stage.values()) {
      Manifest.verify(whole.resolve(stage.folderName()));
    }
    for (String file :
        List.of(
            "report.html",
            "configuration.yaml",
            "data/test.jsonl",
            "sft/metrics.jsonl",
            "probe/result.json",
            "fuse/result.json",
            "mgpo/samples/step-000008.jsonl",
            "eval/result.json",
            "export/etalon/1/saved_model.pb")) {
      assertTrue(whole.resolve(file).toFile().length() > 0, file);
    }
    assertFalse(Files.exists(whole.resolve("sft/resume")), "resume points go when a stage ends");
    assertEquals(32, ModelFolder.open(whole.resolve("export/huggingface")).config().hidden());
  }

  @Test
  @Order(2)
  void runningAgainChangesNothing() {
    Map<String, String> before = TinyRun.hashes(whole);
    assertEquals(0, run("pipeline", whole).exit());
    assertEquals(before, TinyRun.hashes(whole));
  }

  @Test
  @Order(3)
  void stagesOneByOneEqualThePipelineBitForBit() {
    Path out = folder.resolve("single");
    for (String stage : List.of("decontaminate", "sft", "probe", "fuse", "mgpo")) {
      TinyRun.Outcome outcome = run(stage, out);
      assertEquals(0, outcome.exit(), stage + ": " + outcome.err());
    }
    assertSameWeights(out);
  }

  @Test
  @Order(4)
  void killedAndResumedEqualsUninterruptedBitForBit() throws Exception {
    Path out = folder.resolve("killed");
    killOnceThereIs(out, "sft/resume/step-000010");
    Files.createDirectories(out.resolve("sft/resume/.step-000015.tmp"));
    killOnceThereIs(out, "mgpo/resume/step-000003");
    assertTrue(Files.exists(out.resolve("mgpo/resume")));
    TinyRun.Outcome outcome = run("mgpo", out);
    assertEquals(0, outcome.exit(), outcome.err());
    assertSameWeights(out);
    assertEquals(
        losses(whole.resolve("mgpo/metrics.jsonl")), losses(out.resolve("mgpo/metrics.jsonl")));
    assertEquals(
        losses(whole.resolve("sft/metrics.jsonl")), losses(out.resolve("sft/metrics.jsonl")));
  }

  @Test
  @Order(5)
  void sigtermSavesAndResumes() throws Exception {
    Path out = folder.resolve("stopped");
    Process process = TinyRun.start(arguments("pipeline", out));
    await(process, out.resolve("sft/resume"));
    process.destroy();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(143, process.exitValue());
    assertTrue(Files.exists(out.resolve("sft/resume")) || Files.exists(out.resolve("probe")));
    assertEquals(0, run("sft", out).exit());
    String file = WEIGHTS.get(0);
    assertEquals(TinyRun.hashes(whole).get(file), TinyRun.hashes(out).get(file));
  }

  private static void killOnceThereIs(Path out, String file) throws Exception {
    Process process = TinyRun.start(arguments("pipeline", out));
    await(process, out.resolve(file));
    process.destroyForcibly();
    process.waitFor();
  }

  private static void await(Process process, Path file) throws InterruptedException {
    while (!Files.exists(file)) {
      assertTrue(process.isAlive(), "ended before there was " + file);
      Thread.sleep(20);
    }
  }

  private static List<Double> losses(Path metrics) throws IOException {
    return MetricsLog.read(metrics).stream().map(row -> row.number("loss").orElseThrow()).toList();
  }
}
