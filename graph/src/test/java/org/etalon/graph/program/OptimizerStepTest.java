package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.oracle.NaiveAdamW;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerStepTest {
  private static final SmallModel MODEL = SmallModel.UNTIED;
  private static final double NEVER = Double.POSITIVE_INFINITY;

  @Test
  void trajectoryAgreesWithNaiveAdamW() {
    AdamW adam = new AdamW(0.9, 0.98, 1e-6, 0.3);
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, new CrossEntropy(), adam, 8);
      NaiveAdamW naive = new NaiveAdamW(0.9, 0.98, 1e-6, NEVER);
      double[][] weights = weights(program);
      for (int step = 0; step < 4; step++) {
        accumulate(trainer, step);
        double rate = 0.01 / (1 + step);
        naive.step(weights, Gradient.of(trainer, program.config()).doubles(), rate, decay(0.3));
        assertTrue(trainer.step(rate, 0).applied());
        assertWeights(weights, program, 2e-6);
      }
      assertEquals(4, trainer.steps());
    }
  }

  /** With a large ε, Adam's step depends on the size of the gradient, and so on clipping. */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 1e6})
  void gradientIsScaledDownToTheClipNormAndNeverUp(double clipNorm) {
    AdamW adam = new AdamW(0.9, 0.98, 1, 0);
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, new CrossEntropy(), adam, 8);
      NaiveAdamW naive = new NaiveAdamW(0.9, 0.98, 1, clipNorm);
      double[][] weights = weights(program);
      for (int step = 0; step < 2; step++) {
        accumulate(trainer, step);
        double[][] gradient = Gradient.of(trainer, program.config()).doubles();
        double norm = NaiveAdamW.globalNorm(gradient);
        assertTrue(norm > 0.1, "a norm to clip, got " + norm);
        naive.step(weights, gradient, 1, decay(0));
        assertEquals(norm, trainer.step(1, clipNorm).gradientNorm(), 1e-5 * norm);
        assertWeights(weights, program, 1e-6);
      }
    }
  }

  @Test
  void weightDecayTouchesMatricesOnly() {
    AdamW adam = new AdamW(0.9, 0.98, 1e-8, 0.5);
    try (Program program = SmallModel.TIED.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, new CrossEntropy(), adam, 8);
      Map<String, float[]> before = program.snapshot();
      assertEquals(new Trainer.StepResult(0, true), trainer.step(0.25, 1));
      for (ParameterSpec spec : program.config().parameters()) {
        float[] expected = before.get(spec.name()).clone();
        for (int i = 0; i < expected.length && spec.dims().size() == 2; i++) {
          expected[i] *= 1 - 0.25f * 0.5f;
        }
        assertArrayEquals(expected, program.get(spec.name()), 0f, spec.name());
      }
    }
  }

  @Test
  void stepClearsTheAccumulatedGradient() {
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = trainer(program);
      accumulate(trainer, 0);
      trainer.step(0.01, 1);
      for (double[] values : Gradient.of(trainer, program.config()).doubles()) {
        assertArrayEquals(new double[values.length], values);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.POSITIVE_INFINITY, Float.NaN})
  void nonFiniteGradientSkipsTheStepAndTheNextOneWorks(float weight) {
    try (Program disturbed = MODEL.program(Lowering.INLINE);
        Program calm = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = trainer(disturbed);
      Trainer reference = trainer(calm);
      for (Trainer t : List.of(trainer, reference)) {
        accumulate(t, 0);
        t.step(0.01, 1);
      }
      Map<String, float[]> before = state(trainer);
      accumulate(trainer, 1);
      SftBatch broken = SftBatch.random(MODEL.sizes().vocab(), 1);
      float[] weights = broken.documents().get(3).weights();
      weights[2] = weight;
      trainer.accumulate(broken.packed(1).batch(), 1, Map.of());
      Trainer.StepResult skipped = trainer.step(0.01, 1);
      assertFalse(skipped.applied());
      assertFalse(Float.isFinite(skipped.gradientNorm()));
      assertEquals(1, trainer.steps());
      assertBits(before, state(trainer));
      for (Trainer t : List.of(trainer, reference)) {
        accumulate(t, 2);
        assertTrue(t.step(0.01, 1).applied());
      }
      assertBits(state(reference), state(trainer));
    }
  }

  @Test
  void infinityAtAPositionOfWeightZeroIsNoPartOfTheGradient() {
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, new InfiniteAtZeroWeight(), adam(), 8);
      Layout layout = SftBatch.random(MODEL.sizes().vocab(), 1).packed(1);
      float[] values = layout.batch().weights().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = values[i] == 0 ? Float.POSITIVE_INFINITY : 1;
      }
      trainer.accumulate(layout.batch(), 1, Map.of("factor", values));
      assertTrue(trainer.step(0.01, 1).applied());
    }
  }

  @Test
  void resetOptimizerForgetsMomentsAndSteps() {
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = trainer(program);
      Map<String, float[]> fresh = state(trainer);
      accumulate(trainer, 0);
      trainer.step(0.01, 1);
      trainer.resetOptimizer();
      program.load(MODEL.weights());
      assertEquals(0, trainer.steps());
      assertBits(fresh, state(trainer));
    }
  }

  private static AdamW adam() {
    return new AdamW(0.9, 0.98, 1e-8, 0.1);
  }

  private static Trainer trainer(Program program) {
    return new Trainer(program, new CrossEntropy(), adam(), 8);
  }

  private static void accumulate(Trainer trainer, long seed) {
    SftBatch batch = SftBatch.random(MODEL.sizes().vocab(), seed);
    trainer.accumulate(batch.packed(1).batch(), 1, Map.of());
  }

  private static double[] decay(double matrices) {
    return MODEL.config().parameters().stream()
        .mapToDouble(spec -> spec.dims().size() == 2 ? matrices : 0)
        .toArray();
  }

  private static double[][] weights(Program program) {
    return new Gradient(program.snapshot()).doubles();
  }

  private static void assertWeights(double[][] expected, Program program, double tolerance) {
    double[][] actual = weights(program);
    for (int p = 0; p < expected.length; p++) {
      String name = program.config().parameters().get(p).name();
      assertArrayEquals(expected[p], actual[p], tolerance, name);
    }
  }

  /** Weights and moments. */
  private static Map<String, float[]> state(Trainer trainer) {
    Map<String, float[]> state = new LinkedHashMap<>(trainer.program().snapshot());
    for (String name : List.copyOf(state.keySet())) {
      state.put("first/" + name, trainer.program().get(trainer.moments().first(), name));
      state.put("second/" + name, trainer.program().get(trainer.moments().second(), name));
    }
    return state;
  }

  private static void assertBits(Map<String, float[]> expected, Map<String, float[]> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((name, values) -> assertArrayEquals(values, actual.get(name), name));
  }
}
