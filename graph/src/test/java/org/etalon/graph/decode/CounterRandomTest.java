package org.etalon.graph.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class CounterRandomTest {
  private static final long[] WORDS = {
    0, 1, 2, 41, -1, -7, 0xffffffffL, 0x100000000L, Long.MAX_VALUE, Long.MIN_VALUE, 123456789012345L
  };

  @Test
  void graphAndJavaGiveTheSameBits() {
    int n = WORDS.length;
    long[][] keys = new long[3][n * n * n];
    float[] expected = new float[n * n * n];
    for (int i = 0; i < expected.length; i++) {
      keys[0][i] = WORDS[i % n];
      keys[1][i] = WORDS[i / n % n];
      keys[2][i] = WORDS[i / n / n];
      expected[i] = CounterRandom.uniform(keys[0][i], keys[1][i], keys[2][i]);
    }
    float[] actual = new float[expected.length];
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var uniform =
          CounterRandom.uniform(
              tf, tf.constant(keys[0]), tf.constant(keys[1]), tf.constant(keys[2]));
      try (var result = session.runner().fetch(uniform).run()) {
        ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(actual);
      }
    }
    assertArrayEquals(expected, actual);
  }

  @Test
  void numbersLieStrictlyBetweenZeroAndOne() {
    for (int i = 0; i < 100_000; i++) {
      float u = CounterRandom.uniform(3, i, 0);
      assertTrue(u > 0 && u < 1, "got " + u);
    }
  }

  @Test
  void everyPartOfTheKeyMatters() {
    float u = CounterRandom.uniform(5, 6, 7);
    assertNotEquals(u, CounterRandom.uniform(6, 6, 7));
    assertNotEquals(u, CounterRandom.uniform(5 + (1L << 32), 6, 7));
    assertNotEquals(u, CounterRandom.uniform(5, 7, 7));
    assertNotEquals(u, CounterRandom.uniform(5, 6 + (1L << 32), 7));
    assertNotEquals(u, CounterRandom.uniform(5, 6, 8));
    assertNotEquals(u, CounterRandom.uniform(6, 5, 7));
  }

  /** The keys are fixed, so the test is not random; 99.99 % of uniform samples would pass. */
  @ParameterizedTest
  @CsvSource({"1, 0, 0", "0, 1, 0", "0, 0, 1", "1, 1, 1"})
  void numbersAreUniformAlongEveryPartOfTheKey(long seed, long sequence, long position) {
    int[] counts = new int[64];
    int draws = 64_000;
    for (int i = 0; i < draws; i++) {
      counts[(int) (64 * CounterRandom.uniform(17 + seed * i, sequence * i, position * i))]++;
    }
    assertTrue(chiSquare(counts, draws) < 114, "χ² of 63 degrees: " + chiSquare(counts, draws));
  }

  /** Neighbouring draws of one sequence fall independently into an 8 × 8 grid. */
  @Test
  void successiveNumbersAreIndependent() {
    int[] counts = new int[64];
    int draws = 64_000;
    for (int i = 0; i < draws; i++) {
      int first = (int) (8 * CounterRandom.uniform(9, i / 40, i % 40));
      int second = (int) (8 * CounterRandom.uniform(9, i / 40, i % 40 + 1));
      counts[8 * first + second]++;
    }
    assertTrue(chiSquare(counts, draws) < 114, "χ² of 63 degrees: " + chiSquare(counts, draws));
  }

  private static double chiSquare(int[] counts, int draws) {
    double expected = (double) draws / counts.length;
    double sum = 0;
    for (int count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    assertEquals(64, counts.length);
    return sum;
  }
}
