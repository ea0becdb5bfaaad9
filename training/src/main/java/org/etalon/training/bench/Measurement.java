package org.etalon.training.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.training.run.ProcessMemory;

/**
 * One benchmark from begin to end: ceilings, set-up, a first run, warm-up, rounds, ceilings again.
 * The set-up and the first run, in which graphs are built and compiled, are recorded apart.
 */
final class Measurement {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final BenchOptions options;
  private final PrintWriter out;
  private final InputStream in;

  /**
   * @param name of the benchmark
   * @param out for people, or for another program with {@code --serve}
   * @param in commands with {@code --serve}
   */
  Measurement(String name, BenchOptions options, PrintWriter out, InputStream in) {
    this.name = name;
    this.options = options;
    this.out = out;
    this.in = in;
  }

  /** Measures, prints and writes the record. */
  void run(Supplier<? extends Workload> open) {
    List<Ceilings> ceilings = new ArrayList<>();
    ceiling(ceilings);
    Result result = measure(open, ceilings, () -> ceiling(ceilings));
    Map<String, Object> json = result.json();
    options.json().ifPresent(file -> write(file, json));
    if (options.serve) {
      line(Map.of("result", json));
      return;
    }
    result.print(out);
    if (options.soaks()) {
      new Tenths(result.rounds()).print(out);
    }
    out.flush();
  }

  /**
   * Measures once, without ceilings of its own.
   *
   * @param after done when the rounds are over, before the workload is closed
   */
  Result measure(Supplier<? extends Workload> open, List<Ceilings> ceilings, Runnable after) {
    long start = System.nanoTime();
    try (Workload workload = open.get()) {
      double setUp = (System.nanoTime() - start) / 1e9;
      boolean reset = ProcessMemory.resetPeak();
      List<Round> untimed = rounds(workload, 1 + options.warmup);
      List<Round> rounds =
          options.serve ? served(workload, untimed) : rounds(workload, options.rounds());
      var peak = new Result.Peak(ProcessMemory.peak(), reset);
      Optional<OperationTable> table = trace(workload);
      after.run();
      Map<String, Object> setting = new LinkedHashMap<>(options.facts());
      setting.putAll(workload.facts());
      return new Result(
          name,
          setting,
          options.products(),
          new Result.Times(setUp, untimed),
          rounds,
          peak,
          ceilings,
          table);
    }
  }

  /**
   * Measures, prints and records several sizes.
   *
   * @param timeLimit longest round, seconds
   */
  List<Sweep.Measured> sweep(List<Sweep.Point> plan, double timeLimit) {
    if (options.serve || options.soaks()) {
      throw new DataException(
          "--serve and --soak: a series of sizes takes neither; leave them out");
    }
    Sweep sweep = new Sweep(this, timeLimit, out);
    List<Sweep.Measured> points = sweep.run(plan);
    options.json().ifPresent(file -> write(file, sweep.json(name)));
    return points;
  }

  String name() {
    return name;
  }

  BenchOptions options() {
    return options;
  }

  /** Measures the ceilings where they are wanted. */
  void ceiling(List<Ceilings> ceilings) {
    if (options.ceiling > 0) {
      ceilings.add(Ceilings.measure(options.ceiling, options.threads));
    }
  }

  static void write(Path file, Map<String, Object> json) {
    AtomicFile.write(
        file, to -> to.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json)));
  }

  private static List<Round> rounds(Workload workload, int count) {
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rounds.add(workload.round());
    }
    return rounds;
  }

  private List<Round> served(Workload workload, List<Round> untimed) {
    List<Round> rounds = new ArrayList<>();
    line(Map.of("ready", untimed.stream().map(Round::json).toList()));
    try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String command = reader.readLine();
          command != null && !command.equals("end");
          command = reader.readLine()) {
        if (!command.equals("round")) {
          throw new DataException("--serve: expected round or end, got " + command + "; send one");
        }
        Round round = workload.round();
        rounds.add(round);
        line(round.json());
      }
    } catch (IOException e) {
      throw new DataException("standard input cannot be read (" + e + ")", e);
    }
    if (rounds.isEmpty()) {
      throw new DataException("--serve: expected at least one round, got none; send round");
    }
    return rounds;
  }

  private Optional<OperationTable> trace(Workload workload) {
    if (!options.trace) {
      return Optional.empty();
    }
    OperationTable table = new OperationTable();
    workload.trace(table::add);
    return Optional.of(table);
  }

  private void line(Map<String, ?> json) {
    try {
      out.println(JSON.writeValueAsString(json));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    out.flush();
  }
}
