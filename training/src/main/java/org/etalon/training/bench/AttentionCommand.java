package org.etalon.training.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Attention of one layer by length and form. */
@Command(
    name = "attention",
    mixinStandardHelpOptions = true,
    description = {
      "Times attention of one layer, forward and backward, in full and in blocks, by length: the",
      "gradient of a model with the chosen one's heads and hardly anything else."
    })
final class AttentionCommand implements Callable<Integer> {
  private static final List<Integer> CONTEXTS = List.of(512, 1024, 2048, 4096, 8192);

  /** Width of everything that is not attention. */
  private static final int THIN = 32;

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;
  @Mixin private BenchOptions.Training training;
  @Mixin private SweepOptions sweep;

  @Option(
      names = "--blocks",
      paramLabel = "N,N",
      split = ",",
      description = "Sizes of blocks; 0 = in full. Default: 0,512.")
  private List<Integer> blocks = List.of(0, 512);

  @Option(
      names = "--contexts",
      paramLabel = "T,T",
      split = ",",
      description = "Lengths, rising. Default: ${DEFAULT-VALUE}.")
  private List<Integer> contexts = CONTEXTS;

  @Override
  public Integer call() {
    options.check();
    training.recompute();
    ModelConfig part = part(options.config());
    List<Sweep.Point> points = new ArrayList<>();
    for (int block : blocks) {
      if (block < 0) {
        throw new DataException("--blocks: expected 0 or more, got " + block + "; 0 is in full");
      }
      for (int length : SweepOptions.rising("--contexts", contexts)) {
        // Rows that are no longer than a block attend in full anyway.
        if (block == 0 || length > block) {
          points.add(point(part, block, length));
        }
      }
    }
    var measurement = new Measurement("attention", options, spec.commandLine().getOut(), System.in);
    sweep.run(measurement, "tokens", points);
    return 0;
  }

  private Sweep.Point point(ModelConfig part, int block, int length) {
    TokenRows tokens = TokenRows.random(1, length, 1, part.vocabulary(), options.seed);
    double flops = 3 * new Flops(part).attention(length);
    Map<String, Object> facts = Map.of("context", length, "block", block, "layers", 1);
    return new Sweep.Point(
        block == 0 ? "in full" : "blocks of " + block,
        length,
        flops,
        () -> new PartWorkload(options.forTraining(part, block), tokens, training, flops, facts));
  }

  private static ModelConfig part(ModelConfig c) {
    return new ModelConfig(
        Architecture.LLAMA,
        THIN,
        THIN,
        THIN,
        1,
        c.heads(),
        c.kvHeads(),
        c.headDim(),
        c.ropeTheta(),
        c.ropeScaling(),
        c.normEpsilon(),
        true,
        c.maxPositions());
  }
}
