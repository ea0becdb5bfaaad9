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

/** The output head and its loss by vocabulary and chunk. */
@Command(
    name = "loss",
    mixinStandardHelpOptions = true,
    description = {
      "Times the output head and the loss, forward and backward, by vocabulary and by the number of",
      "positions held at once: the gradient of a model with the chosen one's width and hardly",
      "anything else."
    })
final class LossCommand implements Callable<Integer> {
  private static final List<Integer> VOCABULARIES = List.of(16_384, 49_152, 151_936);

  @Spec private CommandSpec spec;
  @Mixin private BenchOptions options;
  @Mixin private SweepOptions sweep;

  @Option(
      names = "--context",
      paramLabel = "T",
      description = "Positions. Default: ${DEFAULT-VALUE}.")
  private int context = 1024;

  @Option(
      names = "--vocabularies",
      paramLabel = "V,V",
      split = ",",
      description = "Rising. Default: 16384,49152,151936.")
  private List<Integer> vocabularies = VOCABULARIES;

  @Option(
      names = "--head-chunks",
      paramLabel = "N,N",
      split = ",",
      description = "Positions whose logits are held at once. Default: 128,256,512,1024.")
  private List<Integer> chunks = List.of(128, 256, 512, 1024);

  @Override
  public Integer call() {
    options.check();
    List<Sweep.Point> points = new ArrayList<>();
    for (int chunk : chunks) {
      if (chunk < 1) {
        throw new DataException("--head-chunks: expected at least 1, got " + chunk + "; raise it");
      }
      for (int vocabulary : SweepOptions.rising("--vocabularies", vocabularies)) {
        points.add(point(chunk, vocabulary));
      }
    }
    var measurement = new Measurement("loss", options, spec.commandLine().getOut(), System.in);
    sweep.run(measurement, "vocabulary", points);
    return 0;
  }

  private Sweep.Point point(int chunk, int vocabulary) {
    ModelConfig part = part(options.config(), vocabulary);
    TokenRows tokens = TokenRows.random(1, context, 1, vocabulary, options.seed);
    double flops = 6.0 * vocabulary * part.hidden() * context;
    BenchOptions.Training training = new BenchOptions.Training();
    training.headChunk = chunk;
    Map<String, Object> facts =
        Map.of("context", context, "vocabulary", vocabulary, "head_chunk", chunk);
    return new Sweep.Point(
        "chunks of " + chunk,
        vocabulary,
        flops,
        () -> new PartWorkload(options.forTraining(part, 512), tokens, training, flops, facts));
  }

  private static ModelConfig part(ModelConfig c, int vocabulary) {
    return new ModelConfig(
        Architecture.LLAMA,
        vocabulary,
        c.hidden(),
        8,
        1,
        1,
        1,
        8,
        c.ropeTheta(),
        c.ropeScaling(),
        c.normEpsilon(),
        true,
        c.maxPositions());
  }
}
