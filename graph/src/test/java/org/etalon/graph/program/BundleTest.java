package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.optim.AdamW;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.exceptions.TensorFlowException;

class BundleTest {
  private static final SmallModel MODEL = SmallModel.UNTIED;
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0.1);

  @TempDir private Path folder;

  /** Stopped and resumed equals uninterrupted, bit for bit. */
  @Test
  void aRestoredTrainerGoesOnAsIfNeverStopped() {
    Path prefix = folder.resolve("training");
    try (Program first = MODEL.program(Lowering.INLINE);
        Program second = MODEL.program(Lowering.INLINE)) {
      Trainer stopped = trainer(first);
      step(stopped, 1);
      step(stopped, 2);
      Bundle.of(stopped).save(prefix);
      Trainer resumed = trainer(second);
      Bundle.of(resumed).restore(prefix);
      resumed.resumeAt(stopped.steps());
      assertSameState(stopped, resumed);
      assertTrue(
          first.get(stopped.moments().second(), "model.norm.weight")[0] > 0, "moments to save");
      step(stopped, 3);
      step(resumed, 3);
      assertSameState(stopped, resumed);
    }
  }

  @Test
  void weightsAloneAreReadFromATrainersBundle() {
    Path prefix = folder.resolve("training");
    try (Program first = MODEL.program(Lowering.INLINE);
        Program second = new Program(MODEL.config(), ExecutionOptions.defaults())) {
      Trainer trainer = trainer(first);
      step(trainer, 1);
      Bundle.of(trainer).save(prefix);
      Bundle.of(second).restore(prefix);
      Map<String, float[]> restored = second.snapshot();
      first.snapshot().forEach((k, v) -> assertArrayEquals(v, restored.get(k), k));
    }
  }

  @Test
  void aBundleIsAnIndexAndOneDataFile() throws Exception {
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Bundle.of(program).save(folder.resolve("weights"));
    }
    assertTrue(Files.size(folder.resolve("weights.index")) > 0);
    long floats = MODEL.config().parameterCount();
    assertEquals(4 * floats, Files.size(folder.resolve("weights.data-00000-of-00001")));
  }

  @Test
  void aBundleWithoutMomentsIsNoTrainersBundle() {
    Path prefix = folder.resolve("weights");
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Bundle.of(program).save(prefix);
      Bundle bundle = Bundle.of(trainer(program));
      var error = assertThrows(TensorFlowException.class, () -> bundle.restore(prefix));
      assertTrue(error.getMessage().contains("first_moment/"), error.getMessage());
    }
  }

  @Test
  void aMissingBundleIsNamed() {
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Bundle bundle = Bundle.of(program);
      var error =
          assertThrows(TensorFlowException.class, () -> bundle.restore(folder.resolve("nowhere")));
      assertTrue(error.getMessage().contains("nowhere"), error.getMessage());
    }
  }

  private static Trainer trainer(Program program) {
    return new Trainer(program, new CrossEntropy(), ADAM, 20);
  }

  private static void step(Trainer trainer, long seed) {
    SftBatch batch = SftBatch.random(MODEL.sizes().vocab(), seed);
    trainer.accumulate(batch.packed(1).batch(), 1, Map.of());
    assertTrue(trainer.step(0.01, 1).applied());
  }

  private static void assertSameState(Trainer expected, Trainer actual) {
    assertEquals(expected.steps(), actual.steps());
    for (var spec : MODEL.config().parameters()) {
      String name = spec.name();
      Program a = expected.program();
      Program b = actual.program();
      assertArrayEquals(a.get(name), b.get(name), name);
      assertArrayEquals(
          a.get(expected.moments().first(), name), b.get(actual.moments().first(), name), name);
      assertArrayEquals(
          a.get(expected.moments().second(), name), b.get(actual.moments().second(), name), name);
    }
  }
}
