package org.etalon.training.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.data.benchmark.Benchmark;
import org.etalon.data.benchmark.Benchmarks;
import org.etalon.training.command.CommonOptions;
import org.etalon.training.command.StageCommand;
import org.etalon.training.config.Configuration;
import org.etalon.training.eval.Eval;
import org.etalon.training.eval.ModelEval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The evaluation stage of a run, or, with {@code --model}, benchmarks on any model folder. */
@Command(
    name = "eval",
    description = {
      "Evaluates the models of a run, or with --model and --benchmark any model folder.",
      "Benchmarks with the paper's settings: aime24 aime25 hmmt25 math500 lcb-v5 lcb-v6",
      "gpqa-diamond; under another name a file is asked as it is. Files: JSON lines, JSON, CSV,",
      "Parquet. An interrupted evaluation goes on."
    })
final class EvalCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder in Hugging Face's layout, or an exported run.")
  private Path model;

  @Option(
      names = "--benchmark",
      paramLabel = "NAME=FILE",
      description = "Benchmark and your file of it; may be repeated.")
  private List<String> benchmarks = new ArrayList<>();

  @Option(names = "--samples", description = "Per problem. Default: the benchmark's.")
  private Integer samples;

  @Option(names = "--temperature", description = "0 = greedy. Default: the benchmark's.")
  private Double temperature;

  @Option(names = "--top-p", description = "Nucleus mass. Default: the benchmark's.")
  private Double topP;

  @Option(
      names = "--max-new-tokens",
      description = "Longest response. Default: the benchmark's, less where the window ends.")
  private Integer maxNewTokens;

  @Option(names = "--problems", description = "Only the first ones; 0 = all.")
  private int problems;

  @Option(names = "--seed", description = "Default: seed of the configuration.")
  private Long seed;

  @Option(
      names = "--slots",
      description = "Responses decoded side by side. Default: ${DEFAULT-VALUE}.")
  private int slots = 16;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, or bf16: half the memory, faster, rounded. Default: f32.")
  private String dtype = "f32";

  @Override
  public Integer call() {
    if (model == null && benchmarks.isEmpty()) {
      requireStage();
      return StageCommand.run(common, spec, Eval::run);
    }
    if (model == null || benchmarks.isEmpty()) {
      throw new DataException(
          "--model and --benchmark go together; give both, or neither for the models of a run (its"
              + " benchmarks stand in eval.benchmarks)");
    }
    String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    var options =
        new ModelEval.Options(
            model,
            benchmarks.stream().map(this::named).toList(),
            problems,
            slots,
            dtype,
            configuration());
    String table =
        ModelEval.run(options, common.out(), "etalon eval " + command, common.progress());
    spec.commandLine().getOut().print(table);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private Configuration configuration() {
    return seed == null ? common.configuration() : common.configuration("seed=" + seed);
  }

  /** What is meant for a model folder is not silently left out of a stage. */
  private void requireStage() {
    boolean sampling =
        samples != null || temperature != null || topP != null || maxNewTokens != null;
    if (sampling || seed != null || problems != 0) {
      throw new DataException(
          "--samples, --temperature, --top-p, --max-new-tokens, --problems and --seed go with"
              + " --model; a run's are set by --set eval.samples=… and the like");
    }
  }

  private ModelEval.Named named(String argument) {
    int sign = argument.indexOf('=');
    if (sign < 1 || sign == argument.length() - 1) {
      throw new DataException(
          "--benchmark %s: expected NAME=FILE, as in --benchmark aime24=aime24.parquet"
              .formatted(argument));
    }
    Benchmark benchmark = Benchmarks.namedOrOwn(argument.substring(0, sign));
    if (samples != null) {
      benchmark = benchmark.withSamples(samples);
    }
    benchmark =
        benchmark.withSampling(
            temperature == null ? benchmark.temperature() : temperature,
            topP == null ? benchmark.topP() : topP);
    if (maxNewTokens != null) {
      benchmark = benchmark.withMaxNewTokens(maxNewTokens);
    }
    return new ModelEval.Named(benchmark, Path.of(argument.substring(sign + 1)));
  }
}
