package org.etalon.graph.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.etalon.graph.oracle.NaiveSampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Every draw is of many uniform numbers at once, over rows that repeat one row of logits. */
class SamplerTest {
  private static final float[] LOGITS = {
    1.2f, -0.4f, 0.3f, 2.1f, -1.5f, 0.9f, 0f, 1.7f, -0.8f, 0.6f, -0.1f
  };

  /** Tokens 1, 4 and 6 are equally likely, as are 0 and 3. */
  private static final float[] TIES = {2, 1, -1, 2, 1, 0, 1};

  @ParameterizedTest
  @CsvSource({
    "1, 0, 1",
    "0.7, 0, 1",
    "1.6, 0, 1",
    "1, 1, 1",
    "1, 4, 1",
    "0.7, 10, 1",
    "1, 11, 1",
    "1, 50, 1",
    "1, 0, 0.5",
    "1, 0, 0.95",
    "0.7, 0, 0.05",
    "1, 5, 0.8",
    "1.3, 7, 0.61"
  })
  void drawsAreTheOraclesForTheSameUniformNumber(double temperature, int topK, double topP) {
    float[] uniforms = grid(997);
    int[] tokens = draw(LOGITS, temperature, topK, topP, uniforms).tokens;
    double[] probabilities = NaiveSampler.filtered(widened(LOGITS), temperature, topK, topP);
    int compared = 0;
    for (int i = 0; i < uniforms.length; i++) {
      if (distanceToABorder(probabilities, uniforms[i]) > 1e-5) {
        assertEquals(NaiveSampler.draw(probabilities, uniforms[i]), tokens[i], "u=" + uniforms[i]);
        compared++;
      }
    }
    assertTrue(compared > 980, "only " + compared + " numbers lie clear of the borders");
  }

  /** Vocabularies of three blocks, of a prime number of tokens, and of one block. */
  @ParameterizedTest
  @CsvSource({"1500, 0, 1", "1301, 0, 1", "1301, 40, 0.9", "500, 0, 0.7"})
  void largeVocabulariesAreDrawnFromAsWell(int vocabulary, int topK, double topP) {
    Random random = new Random(vocabulary);
    float[] logits = new float[vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      logits[i] = (float) (2 * random.nextGaussian());
    }
    float[] uniforms = grid(499);
    Drawn drawn = draw(logits, 1, topK, topP, uniforms);
    double[] probabilities = NaiveSampler.filtered(widened(logits), 1, topK, topP);
    int compared = 0;
    for (int i = 0; i < uniforms.length; i++) {
      int token = drawn.tokens[i];
      assertEquals(NaiveSampler.logProb(widened(logits), 1, token), drawn.logps[i], 4e-6);
      if (distanceToABorder(probabilities, uniforms[i]) > 1e-5) {
        assertEquals(NaiveSampler.draw(probabilities, uniforms[i]), token, "u=" + uniforms[i]);
        compared++;
      }
    }
    assertTrue(compared > 450, "only " + compared + " numbers lie clear of the borders");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "4, 1", "6, 1", "0, 0.2", "0, 0.7", "0, 0.85", "5, 0.8"})
  void tokensAsLikelyAsTheCutOffAreAllKept(int topK, double topP) {
    double[] probabilities = NaiveSampler.filtered(widened(TIES), 1, topK, topP);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < TIES.length; i++) {
      least = probabilities[i] > 0 ? Math.min(least, TIES[i]) : least;
    }
    Set<Integer> expected = new TreeSet<>();
    for (int i = 0; i < TIES.length; i++) {
      if (TIES[i] >= least) {
        expected.add(i);
      }
    }
    Set<Integer> actual = new TreeSet<>();
    Arrays.stream(draw(TIES, 1, topK, topP, grid(997)).tokens).forEach(actual::add);
    assertEquals(expected, actual);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void temperatureZeroTakesTheFirstOfTheMostLikely(boolean truncates) {
    Drawn drawn = draw(TIES, 0, 0, truncates ? 0.9 : 1, grid(31));
    for (int i = 0; i < 31; i++) {
      assertEquals(NaiveSampler.greedy(widened(TIES)), drawn.tokens[i]);
      assertEquals(NaiveSampler.logProb(widened(TIES), 1, 0), drawn.logps[i], 1e-6);
    }
  }

  @Test
  void logProbabilityIsThatOfTheWholeDistributionAtTheTemperature() {
    Drawn drawn = draw(LOGITS, 0.7, 3, 0.9, grid(97));
    for (int i = 0; i < 97; i++) {
      double expected = NaiveSampler.logProb(widened(LOGITS), 0.7, drawn.tokens[i]);
      assertEquals(expected, drawn.logps[i], 2e-6);
    }
  }

  /** The largest uniform number, where rounding could push the mark past the whole mass. */
  @ParameterizedTest
  @CsvSource({"0, 1", "4, 1", "0, 0.5"})
  void extremeUniformNumbersStillDrawAKeptToken(int topK, double topP) {
    float[] ends = {Math.nextUp(0f), Math.nextDown(1f)};
    double[] probabilities = NaiveSampler.filtered(widened(LOGITS), 1, topK, topP);
    for (int token : draw(LOGITS, 1, topK, topP, ends).tokens) {
      assertTrue(probabilities[token] > 0, "token " + token);
    }
  }

  /** Rows with settings of their own: the same draws, whether cut-offs are looked for or not. */
  private static void assertAsAsked(int[] topK, float[] topP) {
    float[] uniforms = grid(topK.length);
    float[][] logits = new float[topK.length][];
    Arrays.fill(logits, LOGITS);
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var settings =
          new Sampler.Settings(
              filled(tf, 0.8, topK.length),
              tf.constant(topK),
              tf.constant(topP),
              tf.constant(uniforms));
      var always = Sampler.draw(tf, tf.constant(logits), settings, true);
      var asked = Sampler.drawAsAsked(tf, tf.constant(logits), settings, false);
      try (var result =
          session
              .runner()
              .fetch(always.token_B())
              .fetch(asked.token_B())
              .fetch(always.logp_B())
              .fetch(asked.logp_B())
              .run()) {
        assertEquals(result.get(0), result.get(1));
        float[] expected = new float[topK.length];
        float[] got = new float[topK.length];
        ((TFloat32) result.get(2)).asRawTensor().data().asFloats().read(expected);
        ((TFloat32) result.get(3)).asRawTensor().data().asFloats().read(got);
        assertArrayEquals(expected, got, 1e-6f);
      }
    }
  }

  @Test
  void cutOffsAreLookedForWhereARowAsks() {
    assertAsAsked(new int[] {0, 3, 0, 2, 0}, new float[] {1, 1, 0.6f, 0.9f, 1});
    assertAsAsked(new int[] {0, 0, 0, 0, 0}, new float[] {1, 1, 1, 1, 1});
    assertAsAsked(new int[] {0, 0, 0, 0, 0}, new float[] {1, 1, 0.5f, 1, 1});
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Drawn(int[] tokens, float[] logps) {}

  private static Drawn draw(
      float[] logits, double temperature, int topK, double topP, float[] uniforms) {
    int rows = uniforms.length;
    float[][] repeated = new float[rows][];
    Arrays.fill(repeated, logits);
    int[] k = new int[rows];
    Arrays.fill(k, topK);
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var settings =
          new Sampler.Settings(
              filled(tf, temperature, rows),
              tf.constant(k),
              filled(tf, topP, rows),
              tf.constant(uniforms));
      boolean truncates = topK > 0 || topP < 1;
      var draw = Sampler.draw(tf, tf.constant(repeated), settings, truncates);
      try (var result = session.runner().fetch(draw.token_B()).fetch(draw.logp_B()).run()) {
        int[] tokens = new int[rows];
        float[] logps = new float[rows];
        ((TInt32) result.get(0)).asRawTensor().data().asInts().read(tokens);
        ((TFloat32) result.get(1)).asRawTensor().data().asFloats().read(logps);
        return new Drawn(tokens, logps);
      }
    }
  }

  private static Operand<TFloat32> filled(Ops tf, double value, int rows) {
    float[] values = new float[rows];
    Arrays.fill(values, (float) value);
    return tf.constant(values);
  }

  private static float[] grid(int size) {
    float[] uniforms = new float[size];
    for (int i = 0; i < size; i++) {
      uniforms[i] = (i + 0.5f) / size;
    }
    return uniforms;
  }

  private static double distanceToABorder(double[] probabilities, double uniform) {
    double nearest = 1;
    double cumulative = 0;
    for (double p : probabilities) {
      cumulative += p;
      nearest = Math.min(nearest, Math.abs(cumulative - uniform));
    }
    return nearest;
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }
}
