package org.etalon.graph.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.etalon.graph.oracle.NaiveSampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.EagerSession;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class SamplerTest {
  private static final int ROWS = 300;
  private static final int VOCABULARY = 23;

  private static float[][] logits(Random random) {
    float[][] logits = new float[ROWS][VOCABULARY];
    for (float[] row : logits) {
      for (int v = 0; v < VOCABULARY; v++) {
        row[v] = (float) (3 * random.nextGaussian());
      }
    }
    return logits;
  }

  private static double[] doubles(float[] row) {
    double[] values = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = row[i];
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "0.7, 5, 1", "1.4, 0, 0.8", "1, 7, 0.9", "2, 1, 1"})
  void drawsAgreeWithTheNaiveSampler(float temperature, int topK, float topP) {
    Random random = new Random(31);
    float[][] logits = logits(random);
    float[] uniform = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      uniform[i] = CounterRandom.uniform(5, i, 0);
    }
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      var settings =
          new Sampler.Settings(
              tf.fill(tf.constant(new int[] {ROWS}), tf.constant(temperature)),
              tf.fill(tf.constant(new int[] {ROWS}), tf.constant(topK)),
              tf.fill(tf.constant(new int[] {ROWS}), tf.constant(topP)),
              tf.constant(uniform));
      var draw = Sampler.draw(tf, tf.constant(logits), settings, topK > 0 || topP < 1);
      TInt32 tokens = draw.token_B().asTensor();
      TFloat32 logps = draw.logp_B().asTensor();
      for (int i = 0; i < ROWS; i++) {
        double[] row = doubles(logits[i]);
        double[] kept = NaiveSampler.filtered(row, temperature, topK, topP);
        assertEquals(NaiveSampler.draw(kept, uniform[i]), tokens.getInt(i), "row " + i);
        assertEquals(
            NaiveSampler.logProb(row, temperature, tokens.getInt(i)), logps.getFloat(i), 1e-5);
      }
    }
  }

  @Test
  void temperatureZeroTakesTheLikeliestAndItsPlainLogProb() {
    float[][] logits = {{1, 4, 2}, {9, 0, 8.5f}};
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      var settings =
          new Sampler.Settings(
              tf.constant(new float[2]),
              tf.constant(new int[2]),
              tf.constant(new float[] {1, 1}),
              tf.constant(new float[] {0.999f, 0.999f}));
      var draw = Sampler.draw(tf, tf.constant(logits), settings, true);
      assertArrayEquals(new int[] {1, 0}, StdArrays.array1dCopyOf(draw.token_B().asTensor()));
      assertEquals(
          NaiveSampler.logProb(new double[] {1, 4, 2}, 1, 1),
          draw.logp_B().asTensor().getFloat(0),
          1e-6);
    }
  }

  @Test
  void randomNumbersAreTheSameInJavaAndInTheGraph() {
    Random random = new Random(2);
    long[] seed = random.longs(500).toArray();
    long[] sequence = random.longs(500).toArray();
    long[] position = random.longs(500, 0, 1 << 20).toArray();
    try (EagerSession session = EagerSession.create()) {
      Ops tf = Ops.create(session);
      TFloat32 graph =
          CounterRandom.uniform(tf, tf.constant(seed), tf.constant(sequence), tf.constant(position))
              .asTensor();
      for (int i = 0; i < 500; i++) {
        assertEquals(CounterRandom.uniform(seed[i], sequence[i], position[i]), graph.getFloat(i));
      }
    }
  }

  @Test
  void randomNumbersAreUniformAlongEveryKey() {
    int bins = 64;
    for (int key = 0; key < 3; key++) {
      int[] counts = new int[bins];
      int n = 64_000;
      for (int i = 0; i < n; i++) {
        float u = CounterRandom.uniform(key == 0 ? i : 7, key == 1 ? i : 7, key == 2 ? i : 7);
        assertTrue(u > 0 && u < 1);
        counts[(int) (u * bins)]++;
      }
      double chiSquare = 0;
      for (int count : counts) {
        chiSquare += Math.pow(count - (double) n / bins, 2) / ((double) n / bins);
      }
      // 63 degrees of freedom: above 115 with probability 0.0001.
      assertTrue(chiSquare < 115, "key " + key + ": " + chiSquare);
    }
  }
}
