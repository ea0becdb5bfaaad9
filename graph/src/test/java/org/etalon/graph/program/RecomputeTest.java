package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is computed again instead of kept gives the same loss and the same gradient. */
class RecomputeTest {
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0.1);

  @ParameterizedTest
  @CsvSource({"TIED, SELECTIVE", "TIED, FULL", "UNTIED, SELECTIVE", "UNTIED, FULL"})
  void theGradientIsTheSame(String name, Recompute recompute) {
    SmallModel model = SmallModel.named(name);
    Step kept = step(model, Lowering.INLINE, Recompute.NONE);
    Step again = step(model, Lowering.INLINE, recompute);
    assertEquals(kept.loss, again.loss);
    // Not bit for bit: TensorFlow fuses nodes whose values are needed once, others not.
    double distance = again.gradient.distanceFrom(kept.gradient);
    assertTrue(distance < 1e-6, "gradients differ by " + distance);
  }

  @ParameterizedTest
  @CsvSource({"XLA, SELECTIVE", "XLA, FULL", "PIECES, NONE", "PIECES, SELECTIVE", "PIECES, FULL"})
  void theCompiledGradientIsTheSame(Lowering lowering, Recompute recompute) {
    Step kept = step(SmallModel.TIED, Lowering.INLINE, Recompute.NONE);
    Step compiled = step(SmallModel.TIED, lowering, recompute);
    assertEquals(kept.loss, compiled.loss, 1e-5);
    double distance = compiled.gradient.distanceFrom(kept.gradient);
    assertTrue(distance < 2e-6, "gradients differ by " + distance);
  }

  private record Step(float loss, Gradient gradient) {}

  private static Step step(SmallModel model, Lowering lowering, Recompute recompute) {
    var batch = SftBatch.random(model.sizes().vocab(), 7).packed(1).batch();
    try (Program program = model.program(lowering)) {
      Trainer trainer = new Trainer(program, new CrossEntropy(), ADAM, 8, recompute);
      float loss = trainer.accumulate(batch, 1, Map.of()).loss();
      return new Step(loss, Gradient.of(trainer, program.config()));
    }
  }
}
