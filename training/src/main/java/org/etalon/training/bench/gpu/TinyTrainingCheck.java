package org.etalon.training.bench.gpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.TokenBatch;
import org.etalon.graph.program.Trainer;

/** Check 4: a small model's losses, compiled on the device, equal those of the CPU. */
final class TinyTrainingCheck implements Check {
  private static final double LARGEST_DISTANCE = 1e-3;

  @Override
  public Map<String, Object> run(Setup setup) {
    int steps = setup.sized(4, 20);
    ModelConfig model =
        ModelConfig.qwen2(512, 128, 384, setup.sized(1, 4), 4, 2, 32, 1e4, 1e-6, true, 512);
    List<Float> expected =
        losses(model, new ExecutionOptions(Lowering.INLINE, 0), steps, setup.sized(16, 128));
    List<Float> got =
        losses(
            model,
            new ExecutionOptions(Lowering.XLA, 0).withDevice(setup.device()),
            steps,
            setup.sized(16, 128));
    double distance = 0;
    for (int i = 0; i < steps; i++) {
      distance = Math.max(distance, Math.abs((double) got.get(i) - expected.get(i)));
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("cpu", expected);
    values.put("device", got);
    values.put("largest_difference", distance);
    if (!(distance <= LARGEST_DISTANCE)) {
      throw CheckException.failed(
          "losses differ by %g, at most %g was expected".formatted(distance, LARGEST_DISTANCE),
          values);
    }
    return values;
  }

  private static List<Float> losses(
      ModelConfig model, ExecutionOptions options, int steps, int length) {
    TokenBatch batch = Batches.of(4, length, model.vocabulary());
    List<Float> losses = new ArrayList<>();
    try (Program program = new Program(model, options)) {
      program.initialize(1, HashedWeights.DEVIATION);
      var trainer = new Trainer(program, new CrossEntropy(), new AdamW(0.9, 0.95, 1e-8, 0.1), 512);
      for (int i = 0; i < steps; i++) {
        losses.add(trainer.accumulate(batch, 1, Map.of()).loss());
        trainer.step(1e-3, 1);
      }
    }
    return losses;
  }
}
