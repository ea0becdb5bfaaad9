package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.etalon.graph.WeightType;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Float32 weights that are trained through bfloat16 products. */
class RoundedProductsTest {
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0.1);
  private static final ExecutionOptions EXACT = new ExecutionOptions(Lowering.INLINE, 1);
  private static final ExecutionOptions ROUNDED = EXACT.withProducts(WeightType.BFLOAT16);

  @ParameterizedTest
  @CsvSource({"NONE, TIED", "SELECTIVE, UNTIED", "FULL, TIED"})
  void theGradientIsTheExactOneToAPercent(Recompute recompute, String name) {
    SmallModel model = SmallModel.named(name);
    Gradient exact = gradient(model, EXACT, Recompute.NONE);
    Gradient rounded = gradient(model, ROUNDED, recompute);
    double distance = rounded.distanceFrom(exact);
    // A factor is off by up to 2⁻⁹; exactly equal would mean that nothing was rounded.
    assertTrue(distance > 1e-4 && distance < 1e-2, "gradients differ by " + distance);
  }

  @Test
  void theCompiledGradientIsTheSame() {
    Gradient inline = gradient(SmallModel.TIED, ROUNDED, Recompute.NONE);
    ExecutionOptions compiled =
        new ExecutionOptions(Lowering.XLA, 1).withProducts(WeightType.BFLOAT16);
    double distance = gradient(SmallModel.TIED, compiled, Recompute.FULL).distanceFrom(inline);
    assertTrue(distance < 1e-2, "gradients differ by " + distance);
  }

  @Test
  void aStepTooSmallForTheCopyIsKeptByTheWeight() {
    try (Program program = SmallModel.TIED.program(ROUNDED)) {
      Map<String, float[]> before = program.snapshot();
      Trainer trainer = trainer(program, Recompute.NONE);
      trainer.accumulate(batch(SmallModel.TIED), 1, Map.of());
      assertTrue(trainer.step(1e-5, 1).applied());
      String name = "model.layers.0.mlp.up_proj.weight";
      float[] old = before.get(name);
      float[] now = program.get(name);
      int moved = 0;
      int movedInTheCopy = 0;
      for (int i = 0; i < old.length; i++) {
        moved += old[i] != now[i] ? 1 : 0;
        movedInTheCopy += WeightType.bfloat16(old[i]) != WeightType.bfloat16(now[i]) ? 1 : 0;
      }
      assertEquals(old.length, moved);
      assertTrue(movedInTheCopy < old.length / 4, movedInTheCopy + " of " + old.length);
    }
  }

  @Test
  void productsFollowTheWeightsAfterEveryWayOfWritingThem() {
    try (Program program = SmallModel.TIED.program(ROUNDED);
        Program fresh = SmallModel.TIED.program(ROUNDED)) {
      Trainer trainer = trainer(program, Recompute.NONE);
      trainer.accumulate(batch(SmallModel.TIED), 1, Map.of());
      assertTrue(trainer.step(0.05, 1).applied());
      float[] stepped = scores(program);
      fresh.load(program.snapshot());
      assertArrayEquals(scores(fresh), stepped);
      program.load(SmallModel.TIED.weights());
      String name = "model.layers.1.self_attn.q_proj.weight";
      float[] values = program.get(name);
      values[0] += 1;
      program.set(name, values);
      float[] set = scores(program);
      fresh.load(program.snapshot());
      assertArrayEquals(scores(fresh), set);
    }
  }

  /** The ratio of an update on the policy's own samples is one. */
  @Test
  void samplerAndTrainerAgree() {
    try (Program program = SmallModel.TIED.program(ROUNDED)) {
      Decoder decoder = new Decoder(program, 2, 12, 1, 4);
      Completion completion =
          new RolloutEngine(decoder, Set.of())
              .generate(List.of(new Request(new int[] {3, 1, 4}, 0, 7)), new Sampling(1, 0, 1, 5))
              .get(0);
      int[] ids = new int[10];
      System.arraycopy(new int[] {3, 1, 4}, 0, ids, 0, 3);
      System.arraycopy(completion.ids(), 0, ids, 3, 7);
      Document document = new Document(ids, new float[9], Map.of());
      Layout layout = Layout.of(List.of(List.of(document)), 10, SmallModel.TIED.sizes().vocab(), 1);
      float[] scores = new Scorer(program, 8).score(layout.batch(), 1).logps();
      float[] targets = layout.targetsOf(scores, 0, 0);
      for (int i = 0; i < 7; i++) {
        assertEquals(targets[2 + i], completion.logps()[i], 1e-2);
      }
    }
  }

  private static Gradient gradient(
      SmallModel model, ExecutionOptions options, Recompute recompute) {
    try (Program program = model.program(options)) {
      Trainer trainer = trainer(program, recompute);
      trainer.accumulate(batch(model), 1, Map.of());
      return Gradient.of(trainer, program.config());
    }
  }

  private static float[] scores(Program program) {
    return new Scorer(program, 8).score(batch(SmallModel.TIED), 1).logps();
  }

  private static TokenBatch batch(SmallModel model) {
    return SftBatch.random(model.sizes().vocab(), 7).packed(1).batch();
  }

  private static Trainer trainer(Program program, Recompute recompute) {
    return new Trainer(program, new CrossEntropy(), ADAM, 8, recompute);
  }
}
