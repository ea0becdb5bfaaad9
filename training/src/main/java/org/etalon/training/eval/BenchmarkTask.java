package org.etalon.training.eval;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.etalon.data.benchmark.Benchmark;
import org.etalon.data.benchmark.BenchmarkFile;
import org.etalon.data.problem.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A benchmark with the user's file of it, read and ready to be asked.
 *
 * @param benchmark how it is asked and sampled
 * @param file the user's
 * @param problems as they will be asked
 * @param digest SHA-256 of the file
 */
record BenchmarkTask(Benchmark benchmark, Path file, List<Problem> problems, String digest) {
  private static final Logger LOG = LoggerFactory.getLogger(BenchmarkTask.class);

  /**
   * Reads the file and says what a person should know of it.
   *
   * @param most problems asked, the first ones; 0 = all
   * @param seed of the order of options
   */
  static BenchmarkTask read(Benchmark benchmark, Path file, int most, long seed) {
    BenchmarkFile read = BenchmarkFile.read(benchmark, file, seed);
    read.warnings().forEach(warning -> LOG.warn("{}", warning));
    List<Problem> problems = read.problems();
    if (most > 0 && most < problems.size()) {
      problems = problems.subList(0, most);
      LOG.warn("{}: the first {} problems only", benchmark.title(), most);
    }
    return new BenchmarkTask(benchmark, file, List.copyOf(problems), Plan.digest(file));
  }

  /** Refuses two tasks of one name: their samples would share a folder. */
  static void requireDifferentNames(List<BenchmarkTask> tasks) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (BenchmarkTask task : tasks) {
      Path other = files.putIfAbsent(task.benchmark.name(), task.file);
      if (other != null) {
        throw new DataException(
            "benchmark %s is given twice, as %s and %s; give one of them another name"
                .formatted(task.benchmark.name(), other, task.file));
      }
    }
  }

  /** What its samples depend on besides the model. */
  Map<String, String> plan(long seed) {
    Map<String, String> plan = new LinkedHashMap<>();
    plan.put("benchmark file", digest);
    plan.put("problems", Integer.toString(problems.size()));
    plan.put("kind", benchmark.kind().label());
    plan.put("wording", benchmark.wording().label());
    plan.put("samples", Integer.toString(benchmark.samples()));
    plan.put("temperature", Double.toString(benchmark.temperature()));
    plan.put("top_p", Double.toString(benchmark.topP()));
    plan.put("max_new_tokens", Integer.toString(benchmark.maxNewTokens()));
    plan.put("seed", Long.toString(seed));
    return plan;
  }
}
