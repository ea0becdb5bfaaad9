package org.etalon.training.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.graph.WeightType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Decoding of rows of equal length. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description = {
      "Times decoding, token by token, of rows that have the same prompt; no token ends a row.",
      "The prompt's run is recorded apart."
    })
final class DecodeCommand implements Callable<Integer> {
  private static final List<Integer> CONTEXTS = List.of(128, 256, 512, 1024, 2048, 4096);
  private static final List<Integer> ROWS = List.of(1, 8, 16, 32);

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;
  @Mixin private SweepOptions sweep;

  @Option(
      names = "--context",
      paramLabel = "T",
      description = "Tokens of the prompt. Default: ${DEFAULT-VALUE}.")
  private int context = 128;

  @Option(
      names = "--rows",
      paramLabel = "N",
      split = ",",
      description = "Rows decoded side by side; several, rising, with --growth. Default: 1.")
  private List<Integer> rows = new ArrayList<>();

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens to generate a row. Default: ${DEFAULT-VALUE}.")
  private int tokens = 64;

  @Option(
      names = "--write-requests",
      paramLabel = "FILE",
      description = "Writes {\"slots\", \"group\", \"prompts\", \"lengths\"}.")
  private Path writeRequests;

  @Option(
      names = "--growth",
      description = "Times a series of lengths instead, and predicts it from the first.")
  private boolean growth;

  @Option(
      names = "--contexts",
      paramLabel = "T,T",
      split = ",",
      description = "Lengths of --growth, rising. Default: ${DEFAULT-VALUE}.")
  private List<Integer> contexts = CONTEXTS;

  @Override
  public Integer call() {
    options.check();
    var measurement = new Measurement("decode", options, spec.commandLine().getOut(), System.in);
    if (growth) {
      sweep.run(measurement, "tokens", points());
      return 0;
    }
    RolloutPlan plan = plan(rows.isEmpty() ? 1 : rows.get(0), context);
    if (writeRequests != null) {
      plan.write(writeRequests);
    }
    measurement.run(() -> workload(plan));
    return 0;
  }

  private List<Sweep.Point> points() {
    WeightType products = options.products();
    Traffic traffic = new Traffic(options.config(), products);
    List<Sweep.Point> points = new ArrayList<>();
    List<Integer> counts = SweepOptions.rising("--rows", rows.isEmpty() ? ROWS : rows);
    for (int count : counts) {
      for (int length : SweepOptions.rising("--contexts", contexts)) {
        RolloutPlan plan = plan(count, length);
        double mean = length + tokens / 2.0;
        double step = traffic.weights() + count * mean * traffic.keyValues();
        // The fewest rows are bound by memory alone, and so their rate is that of reading.
        points.add(
            new Sweep.Point(
                series(count), length, tokens * step, series(counts.get(0)), () -> workload(plan)));
      }
    }
    return points;
  }

  private static String series(int count) {
    return count + " rows";
  }

  private RolloutPlan plan(int count, int length) {
    int vocabulary = options.config().vocabulary();
    return RolloutPlan.equal(count, length, tokens, vocabulary, options.seed);
  }

  private DecodeWorkload workload(RolloutPlan plan) {
    return new DecodeWorkload(options.forDecoding(), plan, options.products());
  }
}
