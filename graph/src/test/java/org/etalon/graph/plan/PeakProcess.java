package org.etalon.graph.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.WeightType;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.program.Trainer;

/**
 * Training steps of a small model in a process of their own, which prints by how many bytes its
 * peak resident memory rose above what it had after a first step of a tiny model.
 */
final class PeakProcess {
  /** Wide enough that values outweigh nodes, small enough for seconds. */
  static final ModelConfig MODEL =
      ModelConfig.qwen2(2048, 256, 768, 4, 4, 2, 64, 1e4, 1e-6, true, 1 << 16);

  /** Most of it are weights. */
  static final ModelConfig HEAVY =
      ModelConfig.qwen2(2048, 1024, 4096, 4, 16, 4, 64, 1e4, 1e-6, true, 1 << 16);

  private static final ModelConfig TINY =
      ModelConfig.qwen2(64, 16, 32, 1, 2, 1, 8, 1e4, 1e-6, true, 64);

  private static final int HEAD_CHUNK = 512;

  private PeakProcess() {}

  /** What is run. */
  record Case(
      boolean heavy,
      int length,
      Recompute recompute,
      WeightType products,
      int block,
      Lowering lowering) {
    ModelConfig config() {
      return heavy ? HEAVY : MODEL;
    }

    ExecutionOptions options() {
      return new ExecutionOptions(lowering, 0).withProducts(products).withAttentionBlock(block);
    }

    /** Everything above the libraries. */
    Memory predicted() {
      MemoryModel model = new MemoryModel(config(), options());
      return model
          .weights()
          .plus(model.optimizer())
          .plus(model.nodes())
          .plus(model.pass(shape()).max(model.update()));
    }

    TrainShape shape() {
      return new TrainShape(1, length, HEAD_CHUNK, recompute);
    }
  }

  /**
   * Runs it.
   *
   * @param pooled whether TensorFlow's pooled allocator is used, as in real runs; else memory is
   *     given back at once, and what is measured are the live values
   */
  static long bytes(Case c, boolean pooled) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xms640m",
            "-Xmx640m",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            PeakProcess.class.getName(),
            Boolean.toString(c.heavy),
            Integer.toString(c.length),
            c.recompute.toString(),
            c.products.name(),
            Integer.toString(c.block),
            c.lowering.name());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    if (!pooled) {
      builder
          .environment()
          .putAll(Map.of("TF_ENABLE_ONEDNN_OPTS", "0", "MALLOC_MMAP_THRESHOLD_", "65536"));
    }
    try {
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the process failed: " + out);
      }
      return out.lines()
          .filter(line -> line.startsWith("bytes "))
          .mapToLong(line -> Long.parseLong(line.substring(6)))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a process ran", e);
    }
  }

  /** Linux's figure of that name for this process, bytes. */
  private static long status(String name) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith(name + ":")) {
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("/proc/self/status has no " + name);
  }

  public static void main(String[] args) throws IOException {
    var c =
        new Case(
            Boolean.parseBoolean(args[0]),
            Integer.parseInt(args[1]),
            Recompute.of(args[2]),
            WeightType.valueOf(args[3]),
            Integer.parseInt(args[4]),
            Lowering.valueOf(args[5]));
    steps(TINY, c.options(), new TrainShape(1, 16, 8, Recompute.NONE), 1);
    long before = status("VmRSS");
    // The first step teaches the executor which nodes are cheap; from then on it runs these first.
    steps(c.config(), c.options(), c.shape(), 2);
    System.out.println("bytes " + (status("VmHWM") - before));
  }

  private static void steps(
      ModelConfig config, ExecutionOptions options, TrainShape shape, int count) {
    try (Program program = new Program(config, options)) {
      program.initialize(1, 0.02);
      var trainer =
          new Trainer(
              program,
              new CrossEntropy(),
              new AdamW(0.9, 0.95, 1e-8, 0.1),
              shape.headChunk(),
              shape.recompute());
      for (int i = 0; i < count; i++) {
        trainer.accumulate(batch(shape, config.vocabulary()), 1, Map.of());
        trainer.step(1e-4, 1);
      }
    }
  }

  private static TokenBatch batch(TrainShape shape, int vocabulary) {
    int size = shape.rows() * shape.length();
    List<int[]> arrays = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      arrays.add(new int[size]);
    }
    for (int i = 0; i < size; i++) {
      arrays.get(0)[i] = i * 31 % vocabulary;
      arrays.get(1)[i] = i * 37 % vocabulary;
      arrays.get(2)[i] = i % shape.length();
      arrays.get(3)[i] = 1;
    }
    float[] weights = new float[size];
    Arrays.fill(weights, 1f / size);
    return new TokenBatch(
        shape.rows(),
        shape.length(),
        arrays.get(0),
        arrays.get(1),
        arrays.get(2),
        arrays.get(3),
        weights);
  }
}
