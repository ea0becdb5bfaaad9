package org.etalon.training.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.manifest.Manifest;
import org.etalon.training.config.Configuration;
import org.etalon.training.metrics.MetricsLog;
import org.etalon.training.run.RunFolder;
import org.etalon.training.run.Stage;

/**
 * Everything a report shows, as far as the run has it.
 *
 * @param name of the run folder
 * @param configuration resolved configuration as text, empty where missing
 * @param sft steps of the spectrum phase
 * @param probe scores of the checkpoints, or null where not yet run
 * @param fuse what was fused, or null where not yet run
 * @param mgpo steps of the signal phase
 * @param samples rollouts of the first and the last step with samples
 * @param eval held-out scores, or null where not yet run
 * @param benchmarks scores on benchmarks, usually none
 * @param manifests of the stages that ended
 */
record RunData(
    String name,
    String configuration,
    List<MetricsLog.Row> sft,
    ProbeResult probe,
    FuseResult fuse,
    List<MetricsLog.Row> mgpo,
    List<RolloutSample> samples,
    EvalResult eval,
    List<BenchmarkResult> benchmarks,
    Map<Stage, Manifest> manifests) {
  private static final int SAMPLES_READ = 512;

  RunData {
    sft = ImmutableList.copyOf(sft);
    mgpo = ImmutableList.copyOf(mgpo);
    samples = ImmutableList.copyOf(samples);
    benchmarks = ImmutableList.copyOf(benchmarks);
    manifests = ImmutableMap.copyOf(manifests);
  }

  static RunData read(Path run) {
    if (!Files.isDirectory(run)) {
      throw new DataException("run folder " + run + " does not exist; name the --out of a run");
    }
    Path configuration = run.resolve(RunFolder.CONFIGURATION);
    if (!Files.exists(configuration)) {
      throw new DataException(
          run + " is not a run of Etalon: it has no " + RunFolder.CONFIGURATION);
    }
    Path probe = folder(run, Stage.PROBE);
    Path fuse = folder(run, Stage.FUSE);
    Path eval = folder(run, Stage.EVAL);
    return new RunData(
        run.toAbsolutePath().normalize().getFileName().toString(),
        text(configuration),
        metrics(run, Stage.SFT),
        hasResult(probe) ? ProbeResult.read(probe) : null,
        hasResult(fuse) ? FuseResult.read(fuse) : null,
        metrics(run, Stage.MGPO),
        samples(folder(run, Stage.MGPO).resolve(RolloutSample.FOLDER)),
        hasResult(eval) ? EvalResult.read(eval) : null,
        BenchmarkResult.readAll(eval),
        manifests(run));
  }

  /** The configuration as records, unless another version wrote it. */
  Optional<Configuration> settings(Path run) {
    try {
      return Optional.of(
          Configuration.load(Optional.of(run.resolve(RunFolder.CONFIGURATION)), List.of()));
    } catch (DataException e) {
      return Optional.empty();
    }
  }

  private static Path folder(Path run, Stage stage) {
    return run.resolve(stage.folderName());
  }

  private static boolean hasResult(Path folder) {
    return Files.exists(folder.resolve(ResultFile.NAME));
  }

  private static List<MetricsLog.Row> metrics(Path run, Stage stage) {
    Path file = folder(run, stage).resolve(MetricsLog.FILE);
    return Files.exists(file) ? MetricsLog.read(file) : List.of();
  }

  private static List<RolloutSample> samples(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files =
          list.filter(f -> f.getFileName().toString().matches("step-\\d+\\.jsonl"))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new DataException(folder + " cannot be read: " + e.getMessage(), e);
    }
    var samples = new ArrayList<RolloutSample>();
    if (!files.isEmpty()) {
      samples.addAll(RolloutSample.read(files.get(0), SAMPLES_READ));
    }
    if (files.size() > 1) {
      samples.addAll(RolloutSample.read(files.get(files.size() - 1), SAMPLES_READ));
    }
    return samples;
  }

  private static Map<Stage, Manifest> manifests(Path run) {
    var manifests = new EnumMap<Stage, Manifest>(Stage.class);
    for (Stage stage : Stage.values()) {
      if (Manifest.exists(folder(run, stage))) {
        manifests.put(stage, Manifest.read(folder(run, stage)));
      }
    }
    return manifests;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
