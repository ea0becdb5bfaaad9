package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.loss.ClippedSurrogate;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.loss.KlEstimator;
import org.etalon.graph.optim.AdamW;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
  private static final SmallModel MODEL = SmallModel.UNTIED;
  private static final int VOCABULARY = MODEL.sizes().vocab();
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0);
  private static final Program PROGRAM = MODEL.program(Lowering.INLINE);

  @AfterAll
  static void close() {
    PROGRAM.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 41, Integer.MAX_VALUE})
  void aTokenOutsideTheVocabularyIsNamedByRowAndPosition(int id) {
    TokenBatch batch = batch(3, 5);
    batch.ids()[2 * 5 + 4] = id;
    String expected =
        "token id %d at row 2, position 4 is outside the vocabulary of 41".formatted(id);
    assertStarts(expected, () -> new Scorer(PROGRAM, 8).score(batch, 1));
    Trainer trainer = new Trainer(PROGRAM, new CrossEntropy(), ADAM, 8);
    assertStarts(expected, () -> trainer.accumulate(batch, 1, Map.of()));
  }

  @Test
  void aTargetOutsideTheVocabularyIsNamedByRowAndPosition() {
    TokenBatch batch = batch(2, 3);
    batch.targets()[3] = VOCABULARY;
    assertStarts(
        "token id 41 at row 1, position 0 is outside",
        () -> new Scorer(PROGRAM, 8).score(batch, 1));
  }

  @Test
  void arraysThatDoNotFillTheBatchAreRefused() {
    int[] six = new int[6];
    assertStarts(
        "a batch of 2 × 3 needs 6 values, got 5",
        () -> new TokenBatch(2, 3, six, six, six, new int[5], new float[6]));
    assertStarts(
        "a batch of 2 × 3 needs 6 values, got 7",
        () -> new TokenBatch(2, 3, six, six, six, six, new float[7]));
  }

  @Test
  void aMissingObjectiveInputIsNamed() {
    var objective = new ClippedSurrogate(0.2f, 0.2f, 0.1f, KlEstimator.K3);
    Trainer trainer = new Trainer(PROGRAM, objective, ADAM, 8);
    Map<String, float[]> inputs = Map.of("old_logp", new float[6], "advantage", new float[6]);
    assertStarts(
        "the objective needs an input reference_logp",
        () -> trainer.accumulate(batch(2, 3), 1, inputs));
  }

  @Test
  void anObjectiveInputOfAnotherLengthIsNamed() {
    var objective = new ClippedSurrogate(0.2f, 0.2f, 0, KlEstimator.K3);
    Trainer trainer = new Trainer(PROGRAM, objective, ADAM, 8);
    Map<String, float[]> inputs = Map.of("old_logp", new float[6], "advantage", new float[5]);
    assertStarts(
        "the objective's input advantage needs 6 values, got 5",
        () -> trainer.accumulate(batch(2, 3), 1, inputs));
  }

  @Test
  void weightsUnderWrongNamesAreRefused() {
    Map<String, float[]> weights = new HashMap<>(MODEL.weights());
    weights.put("lm_head.bias", new float[VOCABULARY]);
    assertStarts("weights do not match the model: expected [lm_head", () -> PROGRAM.load(weights));
    weights.remove("lm_head.bias");
    weights.remove("model.norm.weight");
    assertStarts("weights do not match the model: expected [lm_head", () -> PROGRAM.load(weights));
  }

  @Test
  void aWeightOfWrongLengthIsNamed() {
    Map<String, float[]> weights = new HashMap<>(MODEL.weights());
    weights.put("model.norm.weight", new float[17]);
    assertStarts(
        "model.norm.weight needs 18 values of shape [18], got 17", () -> PROGRAM.load(weights));
  }

  @Test
  void aNameThatNoWeightHasIsNamed() {
    assertStarts("no variable is called model.wte", () -> PROGRAM.get("model.wte"));
  }

  @Test
  void headsThatDoNotShareEvenlyAreRefused() {
    assertStarts(
        "model.heads must be a multiple of model.kvHeads, got 6 and 4",
        () -> ModelConfig.qwen2(9, 8, 8, 1, 6, 4, 2, 1e4, 1e-6, true, 8));
    assertStarts(
        "model.headDim must be even for rotary positions, got 3",
        () -> ModelConfig.qwen2(9, 8, 8, 1, 6, 3, 3, 1e4, 1e-6, true, 8));
  }

  @Test
  void samplingOutsideItsRangesIsRefused() {
    assertStarts("temperature must be at least 0, got NaN", () -> Sampling.at(Double.NaN, 0));
    assertStarts("topK must be at least 0", () -> new Sampling(1, -1, 1, 0));
    assertStarts("topP must be in (0, 1], got 0", () -> new Sampling(1, 0, 0, 0));
  }

  @Test
  void objectivesOutsideTheirRangesNameTheSetting() {
    for (Executable bad :
        List.<Executable>of(
            () -> new ClippedSurrogate(1, 0.2f, 0, KlEstimator.K1),
            () -> new ClippedSurrogate(0.2f, -1, 0, KlEstimator.K1),
            () -> new ClippedSurrogate(0.2f, 0.2f, -1, KlEstimator.K1))) {
      var error = assertThrows(IllegalArgumentException.class, bad);
      assertTrue(error.getMessage().contains("; set mgpo."), error.getMessage());
    }
    assertStarts("KL estimator must be k1, k2 or k3, got k4", () -> KlEstimator.of("k4"));
    assertEquals(KlEstimator.K2, KlEstimator.of("k2"));
  }

  private static TokenBatch batch(int rows, int length) {
    int n = rows * length;
    return new TokenBatch(
        rows, length, new int[n], new int[n], new int[n], new int[n], new float[n]);
  }

  private static void assertStarts(String expected, Executable bad) {
    var error = assertThrows(IllegalArgumentException.class, bad);
    assertTrue(error.getMessage().startsWith(expected), error.getMessage());
  }

  @Test
  void weightInPiecesMustBeWhole() {
    try (Program program = SmallModel.UNTIED.program(Lowering.INLINE)) {
      float[] before = program.get("model.norm.weight");
      float[] values = new float[before.length];
      Arrays.fill(values, 7);
      program.set(
          "model.norm.weight",
          piece -> {
            piece.accept(2, values, values.length - 2);
            piece.accept(0, values, 2);
          });
      assertArrayEquals(values, program.get("model.norm.weight"));
      assertThrows(
          IllegalArgumentException.class,
          () -> program.set("model.norm.weight", piece -> piece.accept(0, values, 2)));
      assertArrayEquals(values, program.get("model.norm.weight"));
    }
  }
}
