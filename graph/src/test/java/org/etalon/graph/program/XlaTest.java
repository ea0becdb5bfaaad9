package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.Test;
import org.tensorflow.Operand;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;

/** The same numbers through TensorFlow's kernels and through functions XLA must compile. */
class XlaTest {
  private static final SmallModel MODEL = SmallModel.TIED;
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-3, 0.1);

  @Test
  void scoresAgree() {
    Layout layout = SftBatch.random(MODEL.sizes().vocab(), 1).packed(1);
    Map<Lowering, Scorer.Scores> scores =
        both(program -> new Scorer(program, 17).score(layout.batch(), 0.9));
    assertArrayEquals(scores.get(Lowering.INLINE).logps(), scores.get(Lowering.XLA).logps(), 1e-5f);
    assertArrayEquals(
        scores.get(Lowering.INLINE).entropies(), scores.get(Lowering.XLA).entropies(), 1e-5f);
  }

  /**
   * Adam divides by the gradient's size, so a step may differ by a share of the rate: 1e-3 of it.
   */
  @Test
  void gradientsAndStepsAgree() {
    Layout layout = SftBatch.random(MODEL.sizes().vocab(), 2).packed(1);
    record Trained(float loss, Gradient gradient, Map<String, float[]> weights) {}
    Map<Lowering, Trained> trained =
        both(
            program -> {
              Trainer trainer = new Trainer(program, new CrossEntropy(), ADAM, 17);
              float loss = trainer.accumulate(layout.batch(), 1, Map.of()).loss();
              Gradient gradient = Gradient.of(trainer, program.config());
              assertTrue(trainer.step(0.01, 1).applied());
              return new Trained(loss, gradient, program.snapshot());
            });
    Trained inline = trained.get(Lowering.INLINE);
    Trained xla = trained.get(Lowering.XLA);
    assertEquals(inline.loss, xla.loss, 1e-5);
    double distance = xla.gradient.distanceFrom(inline.gradient);
    assertTrue(distance < 2e-6, "gradients differ by " + distance);
    inline.weights.forEach((k, v) -> assertArrayEquals(v, xla.weights.get(k), 2e-6f, k));
  }

  @Test
  void prefillAndStepsAgree() {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      requests.add(new Request(new int[] {i, 2 * i + 1, 5}, i, 6));
    }
    Map<Lowering, List<Completion>> completions =
        both(
            program -> {
              Decoder decoder = new Decoder(program, 3, 13, 2, 5);
              return new RolloutEngine(decoder, Set.of())
                  .generate(requests, new Sampling(0.8, 20, 0.9, 3));
            });
    for (int i = 0; i < requests.size(); i++) {
      Completion inline = completions.get(Lowering.INLINE).get(i);
      Completion xla = completions.get(Lowering.XLA).get(i);
      assertArrayEquals(inline.ids(), xla.ids());
      assertArrayEquals(inline.logps(), xla.logps(), 1e-5f);
    }
  }

  /** Strings have no XLA kernels. */
  @Test
  void anOperationThatXlaCannotCompileIsAnErrorAndNotASlowPath() {
    Lowering.Body body =
        (tf, in) -> {
          @SuppressWarnings("unchecked") // the test's only input is int32
          Operand<TInt32> x = (Operand<TInt32>) in.get(0);
          return List.of(tf.strings.toNumber(tf.dtypes.asString(x), TInt32.class));
        };
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Ops tf = program.ops();
      var x = Bucket.placeholder(tf, TInt32.class, 3);
      var inline = Lowering.INLINE.call(tf, "words", List.of(x), body);
      assertArrayEquals(new int[] {4, -1, 7}, ints(program, x, inline));
      var compiled = Lowering.XLA.call(tf, "words", List.of(x), body);
      var error = assertThrows(TFInvalidArgumentException.class, () -> ints(program, x, compiled));
      assertTrue(error.getMessage().contains("AsString"), error.getMessage());
    }
  }

  private static int[] ints(Program program, Operand<TInt32> x, List<Operand<?>> fetches) {
    return program.run(
        Map.of(x, Tensors.of(new int[] {4, -1, 7}, 3)),
        fetches,
        List.of(),
        result -> Tensors.ints(result.get(0)));
  }

  private static <T> Map<Lowering, T> both(Function<Program, T> function) {
    Map<Lowering, T> results = new EnumMap<>(Lowering.class);
    for (Lowering lowering : Lowering.values()) {
      try (Program program = MODEL.program(lowering)) {
        results.put(lowering, function.apply(program));
      }
    }
    return results;
  }
}
