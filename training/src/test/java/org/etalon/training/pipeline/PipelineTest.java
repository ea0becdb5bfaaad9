package org.etalon.training.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.etalon.data.manifest.Manifest;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.training.metrics.MetricsLog;
import org.etalon.training.report.BenchmarkResult;
import org.etalon.training.run.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One tiny run of the pipeline, and what must equal it. */
class PipelineTest {
  @TempDir static Path folder;
  private static Path whole;

  @BeforeAll
  static void runOnce() {
    whole = folder.resolve("whole");
    assertEquals(new TinyRun.Outcome(0, ""), run("pipeline", whole));
  }

  private static TinyRun.Outcome run(String command, Path out) {
    String config = TinyRun.config(folder).toString();
    return TinyRun.run(command, "--config", config, "--out", out.toString(), "--quiet");
  }

  @Test
  void everyStageLeavesAVerifiedFolder() {
    for (Stage stage : Stage.values()) {
      Manifest manifest = Manifest.verify(whole.resolve(stage.folderName()));
      assertEquals(stage.folderName(), manifest.stage());
      assertTrue(manifest.command().startsWith("etalon pipeline "), manifest.command());
    }
    for (String file :
        List.of(
            "report.html",
            "configuration.yaml",
            "data/dropped.jsonl",
            "data/test.jsonl",
            "sft/metrics.jsonl",
            "probe/step-000008.json",
            "probe/result.json",
            "fuse/result.json",
            "mgpo/samples/step-000008.jsonl",
            "eval/samples/mgpo.jsonl",
            "eval/result.json",
            "eval/benchmarks/base/tiny/samples.jsonl",
            "eval/benchmarks/mgpo/tiny/result.json",
            "export/etalon/1/saved_model.pb")) {
      assertTrue(whole.resolve(file).toFile().isFile(), file);
    }
    assertEquals(32, ModelFolder.open(whole.resolve("export/huggingface")).config().hidden());
  }

  @Test
  void resumePointsGoWhenAStageEnds() {
    assertFalse(Files.exists(whole.resolve("sft/resume")));
    assertFalse(Files.exists(whole.resolve("mgpo/resume")));
  }

  @Test
  void everyCheckpointHasAManifestThatIsTrue() {
    List<String> manifests =
        TinyRun.hashes(whole).keySet().stream().filter(f -> f.endsWith("manifest.json")).toList();
    // Seven stages, five checkpoints, the fused, the best and the final weights.
    assertEquals(15, manifests.size(), manifests.toString());
    manifests.forEach(file -> Manifest.verify(whole.resolve(file).getParent()));
  }

  @Test
  void metricsHaveOneLineAStep() {
    assertEquals(countTo(32), steps("sft"));
    assertEquals(countTo(8), steps("mgpo"));
  }

  @Test
  void bothPhasesAndTheFusionMoveTheWeights() {
    Map<String, String> weights = new TreeMap<>(TinyRun.hashes(whole));
    weights.keySet().removeIf(file -> !file.contains("/tensors.data") || file.contains("/best/"));
    assertEquals(7, weights.size(), weights.toString());
    assertEquals(7, new HashSet<>(weights.values()).size(), weights.toString());
  }

  @Test
  void evaluationScoresBaseSpecialistsFusedAndFinalModel() throws IOException {
    JsonNode result =
        JsonMapper.builder().build().readTree(whole.resolve("eval/result.json").toFile());
    assertEquals(
        List.of(
            "base",
            "specialist algebra (step 24)",
            "specialist geometry (step 32)",
            "fused",
            "mgpo"),
        result.get("models").findValuesAsText("name"));
    for (JsonNode model : result.get("models")) {
      assertEquals(2, model.get("subdomains").size());
    }
  }

  @Test
  void benchmarksAreScoredForTheFirstAndTheFinalModel() {
    List<BenchmarkResult> results = BenchmarkResult.readAll(whole.resolve("eval"));
    assertEquals(List.of("base", "mgpo"), results.stream().map(BenchmarkResult::model).toList());
    assertTrue(results.get(1).average().value() > results.get(0).average().value());
  }

  @Test
  void runningAgainChangesNothing() throws IOException {
    Map<String, FileTime> times = times();
    Map<String, String> before = TinyRun.hashes(whole);
    assertEquals(new TinyRun.Outcome(0, ""), run("pipeline", whole));
    assertEquals(before, TinyRun.hashes(whole));
    assertEquals(times, times());
  }

  /** Another run of the same seed, stage by stage: all files equal, but for times in them. */
  @Test
  void stagesOneByOneEqualThePipelineBitForBit() {
    Path out = folder.resolve("single");
    for (String stage :
        List.of("decontaminate", "sft", "probe", "fuse", "mgpo", "eval", "export")) {
      assertEquals(new TinyRun.Outcome(0, ""), run(stage, out), stage);
    }
    assertEquals(List.of(), RunContent.differences(whole, out));
  }

  private static Map<String, FileTime> times() throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    for (String file : TinyRun.hashes(whole).keySet()) {
      times.put(file, Files.getLastModifiedTime(whole.resolve(file)));
    }
    return times;
  }

  private static List<Long> steps(String phase) {
    return MetricsLog.read(whole.resolve(phase).resolve(MetricsLog.FILE)).stream()
        .map(MetricsLog.Row::step)
        .toList();
  }

  private static List<Long> countTo(int last) {
    List<Long> steps = new ArrayList<>();
    for (long step = 1; step <= last; step++) {
      steps.add(step);
    }
    return steps;
  }
}
