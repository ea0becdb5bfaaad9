package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.WeightType;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrices held in bfloat16. */
class BFloat16WeightsTest {
  private static final SmallModel MODEL = SmallModel.TIED;

  @TempDir private Path folder;

  private static Program program(WeightType type) {
    Program program =
        new Program(MODEL.config(), new ExecutionOptions(Lowering.INLINE, 1).withWeights(type));
    program.load(rounded());
    return program;
  }

  /** One document, each token's target the next one. */
  private static TokenBatch batch(int... ids) {
    int[] targets = Arrays.copyOfRange(ids, 1, ids.length + 1);
    int[] positions = new int[ids.length];
    float[] weights = new float[ids.length];
    Arrays.setAll(positions, i -> i);
    Arrays.fill(weights, 1f);
    return new TokenBatch(1, ids.length, ids, targets, positions, new int[ids.length], weights);
  }

  private static float rounded(float value) {
    return Float.intBitsToFloat(WeightType.bfloat16(value) << 16);
  }

  /** The model's weights, each matrix rounded to what bfloat16 can hold. */
  private static Map<String, float[]> rounded() {
    Map<String, float[]> weights = new HashMap<>(MODEL.weights());
    for (ParameterSpec spec : MODEL.config().parameters()) {
      float[] values = weights.get(spec.name()).clone();
      for (int i = 0; spec.dims().size() == 2 && i < values.length; i++) {
        values[i] = rounded(values[i]);
      }
      weights.put(spec.name(), values);
    }
    return weights;
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 3f80",
    "-2.5, c020",
    "1.00390625, 3f80",
    "1.01171875, 3f82",
    "1.0048828, 3f81",
    "3.4e38, 7f80",
    "NaN, 7fc0",
    "-Infinity, ff80",
  })
  void roundingIsToTheNearestAndTiesGoToEven(float value, String bits) {
    assertEquals(bits, "%04x".formatted(WeightType.bfloat16(value) & 0xffff));
  }

  @Test
  void valuesThatFitComeBackUnchanged() {
    try (Program program = program(WeightType.BFLOAT16)) {
      Map<String, float[]> back = program.snapshot();
      rounded().forEach((name, values) -> assertArrayEquals(values, back.get(name), name));
    }
  }

  @Test
  void aMatrixSetInPiecesIsRounded() {
    String name = "model.layers.1.mlp.up_proj.weight";
    float[] values = new float[26 * 20];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.37f * i - 5;
    }
    try (Program program = program(WeightType.BFLOAT16)) {
      program.set(
          name,
          piece -> {
            for (int from = 0; from < values.length; from += 13) {
              float[] part = Arrays.copyOfRange(values, from, from + 13);
              piece.accept(from, part, 13);
            }
          });
      float[] got = program.get(name);
      for (int i = 0; i < values.length; i++) {
        assertEquals(rounded(values[i]), got[i]);
      }
    }
  }

  /** Both kinds of product differ by rounding alone: 8 significant bits in and out. */
  @Test
  void logProbabilitiesAreNearThoseOfFloat32() {
    TokenBatch batch = batch(1, 5, 9, 13, 2, 7, 30, 41);
    try (Program exact = program(WeightType.FLOAT32);
        Program small = program(WeightType.BFLOAT16)) {
      float[] expected = new Scorer(exact, 8).score(batch, 1).logps();
      float[] got = new Scorer(small, 8).score(batch, 1).logps();
      boolean differs = false;
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], got[i], 0.05, "position " + i);
        differs |= expected[i] != got[i];
      }
      assertTrue(differs, "no rounding at all: the matrices are not bfloat16");
    }
  }

  @Test
  void decodingAgreesWithScoring() {
    try (Program program = program(WeightType.BFLOAT16)) {
      int[] prompt = {3, 14, 15};
      Completion drawn =
          new RolloutEngine(new Decoder(program, 1, 24, 1, 8), Set.of())
              .generate(List.of(new Request(prompt, 0, 12)), Sampling.at(1.0, 4))
              .get(0);
      int[] whole = new int[15];
      System.arraycopy(prompt, 0, whole, 0, 3);
      System.arraycopy(drawn.ids(), 0, whole, 3, 12);
      float[] scored = new Scorer(program, 16).score(batch(whole), 1).logps();
      for (int t = 0; t < 12; t++) {
        assertEquals(scored[2 + t], drawn.logps()[t], 0.05);
      }
    }
  }

  @Test
  void theBundleIsHalfAsLargeAndReadsBack() throws Exception {
    Path prefix = folder.resolve("weights");
    try (Program program = program(WeightType.BFLOAT16);
        Program other =
            new Program(
                MODEL.config(), ExecutionOptions.defaults().withWeights(WeightType.BFLOAT16))) {
      Bundle.of(program).save(prefix);
      Bundle.of(other).restore(prefix);
      other.snapshot().forEach((name, v) -> assertArrayEquals(program.get(name), v, name));
    }
    long matrices =
        MODEL.config().parameters().stream()
            .filter(spec -> spec.dims().size() == 2)
            .mapToLong(ParameterSpec::size)
            .sum();
    long rest = MODEL.config().parameterCount() - matrices;
    assertEquals(
        2 * matrices + 4 * rest, Files.size(folder.resolve("weights.data-00000-of-00001")));
  }

  @Test
  void weightsThatAreTrainedAreRoundedInTheFileAlone() {
    Path prefix = folder.resolve("rounded");
    try (Program trained = MODEL.program(Lowering.INLINE);
        Program rounded = program(WeightType.BFLOAT16);
        Program other =
            new Program(
                MODEL.config(), ExecutionOptions.defaults().withWeights(WeightType.BFLOAT16))) {
      Bundle.of(trained, WeightType.BFLOAT16).save(prefix);
      Bundle.of(other).restore(prefix);
      other.snapshot().forEach((name, v) -> assertArrayEquals(rounded.get(name), v, name));
      Map<String, float[]> exact = trained.snapshot();
      Bundle.of(trained, WeightType.BFLOAT16).restore(prefix);
      trained.snapshot().forEach((name, v) -> assertArrayEquals(rounded.get(name), v, name));
      assertTrue(
          exact.entrySet().stream()
              .anyMatch(e -> !Arrays.equals(e.getValue(), trained.get(e.getKey()))));
    }
  }

  @Test
  void trainingIsRefused() {
    try (Program program = program(WeightType.BFLOAT16)) {
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () -> new Trainer(program, new CrossEntropy(), new AdamW(0.9, 0.99, 1e-8, 0), 16));
      assertTrue(error.getMessage().contains("float32"), error.getMessage());
    }
  }
}
