package org.etalon.training.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.benchmark.Benchmark;
import org.etalon.data.grade.Graders;
import org.etalon.data.manifest.Manifest;
import org.etalon.training.config.Configuration;
import org.etalon.training.export.Conversion;
import org.etalon.training.fleet.FleetSource;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.ProgramOptions;
import org.etalon.training.policy.RolloutSource;
import org.etalon.training.report.BenchmarkResult;
import org.etalon.training.run.AtomicFiles;
import org.etalon.training.run.FolderLock;
import org.etalon.training.run.ProgressStyle;
import org.etalon.training.run.Version;

/** Benchmarks on any model folder, without a run. */
public final class ModelEval {
  /** Name of the file with the printed tables. */
  public static final String TABLE = "table.txt";

  private ModelEval() {}

  /**
   * A benchmark and the user's file of it.
   *
   * @param benchmark how it is asked and sampled
   */
  public record Named(Benchmark benchmark, Path file) {}

  /**
   * What is evaluated and how.
   *
   * @param model model folder in Hugging Face's layout, or the folder of a run that was exported
   * @param benchmarks at least one
   * @param problems of each benchmark that are asked, the first ones; 0 = all
   * @param slots responses decoded side by side
   * @param dtype f32 or bf16
   * @param configuration grader, seed, threads, XLA, intervals
   */
  public record Options(
      Path model,
      List<Named> benchmarks,
      int problems,
      int slots,
      String dtype,
      Configuration configuration) {
    public Options {
      if (problems < 0 || slots < 1) {
        throw new DataException(
            "--problems must be at least 0 and --slots at least 1, got %d and %d"
                .formatted(problems, slots));
      }
    }
  }

  /**
   * Evaluates, or goes on where an interrupted evaluation stopped.
   *
   * @param out where samples and results go, a folder a benchmark
   * @param command for the manifest
   * @return the tables as printed
   * @throws DataException if a file cannot be used, or {@code out} holds something else
   */
  public static String run(Options options, Path out, String command, ProgressStyle progress) {
    Configuration c = options.configuration();
    Path folder = modelFolder(options.model());
    List<BenchmarkTask> tasks = new ArrayList<>();
    for (Named named : options.benchmarks()) {
      tasks.add(BenchmarkTask.read(named.benchmark(), named.file(), options.problems(), c.seed()));
    }
    BenchmarkTask.requireDifferentNames(tasks);
    requireOwn(out);
    FolderLock lock = FolderLock.hold(out);
    try {
      if (Manifest.exists(out)) {
        Manifest.verify(out);
      }
      Manifest manifest =
          Manifest.of("etalon " + Version.current(), "eval", command, c.hash())
              .withInput("model", folder);
      for (BenchmarkTask task : tasks) {
        manifest = manifest.withInput(task.benchmark().name(), task.file());
      }
      List<BenchmarkResult> results = results(options, folder, tasks, out, progress);
      String table = BenchmarkTable.of(results);
      AtomicFiles.writeText(out.resolve(TABLE), table);
      manifest.write(out);
      return table;
    } finally {
      lock.close();
    }
  }

  private static List<BenchmarkResult> results(
      Options options, Path folder, List<BenchmarkTask> tasks, Path out, ProgressStyle progress) {
    Configuration c = options.configuration();
    var model = new BenchmarkRun.Model(name(options.model()), plan(options, folder));
    var settings =
        new BenchmarkRun.Settings(
            c.seed(),
            options.slots(),
            c.eval().bootstrapSamples(),
            c.eval().confidence(),
            progress);
    var program = ProgramOptions.of(c).withWeights(Conversion.weightType(options.dtype()));
    List<BenchmarkResult> results = new ArrayList<>();
    try (Policy policy = Policy.open(folder, program);
        RolloutSource source = FleetSource.of(c, policy);
        Graders graders = c.grader().graders()) {
      source.renew();
      var run = new BenchmarkRun(policy, source, graders, settings, tasks);
      for (BenchmarkTask task : tasks) {
        results.add(run.run(model, task, out.resolve(task.benchmark().name())));
      }
    }
    return results;
  }

  private static Map<String, String> plan(Options options, Path folder) {
    Map<String, String> plan = new LinkedHashMap<>();
    plan.put("model", Plan.digest(folder));
    plan.put("dtype", options.dtype());
    plan.put("xla", options.configuration().xla().toString());
    plan.put(
        "grader.requireBoxed", Boolean.toString(options.configuration().grader().requireBoxed()));
    Plan.addFleet(plan, options.configuration().fleet());
    return plan;
  }

  /** A run's export is found by the run's own folder. */
  private static Path modelFolder(Path model) {
    Path exported = model.resolve("export").resolve("huggingface");
    boolean isRun = Files.exists(exported) && !Files.exists(model.resolve("config.json"));
    return isRun ? exported : model;
  }

  private static String name(Path model) {
    Path last = model.toAbsolutePath().normalize().getFileName();
    return last == null ? model.toString() : last.toString();
  }

  /** A folder of something else is left alone. */
  private static void requireOwn(Path out) {
    if (!Files.exists(out)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw new DataException(out + " is a file, not a folder; choose another --out");
    }
    try (var content = Files.list(out)) {
      content
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .filter(path -> !isOwn(path))
          .findFirst()
          .ifPresent(
              foreign -> {
                throw new DataException(
                    "%s holds %s, which is not of an evaluation; choose another --out"
                        .formatted(out, foreign.getFileName()));
              });
    } catch (IOException e) {
      throw AtomicFiles.failure(out, e);
    }
  }

  private static boolean isOwn(Path path) {
    String name = path.getFileName().toString();
    return name.equals(Manifest.FILE)
        || name.equals(TABLE)
        || Files.exists(path.resolve(Plan.FILE));
  }
}
