package org.etalon.graph.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NaiveTransformerTest {
  private static final NaiveConfig CONFIG =
      new NaiveConfig(19, 12, 20, 2, 4, 2, 6, 10000, 1e-6, true, true, false);
  private static final int[] FIRST = {3, 18, 0, 7, 7};
  private static final int[] SECOND = {11, 2, 5};

  private final NaiveTransformer model = NaiveTransformer.of(CONFIG, HashedWeights.of(CONFIG));

  @Test
  void laterTokensDoNotChangeEarlierLogits() {
    double[][] whole = model.logits(FIRST);
    double[][] prefix = model.logits(Arrays.copyOf(FIRST, 3));
    for (int t = 0; t < prefix.length; t++) {
      assertArrayEquals(prefix[t], whole[t], 0);
    }
  }

  @Test
  void packedSegmentsEqualSeparateSequences() {
    double[][] packed =
        model.logits(
            new int[] {3, 18, 0, 7, 7, 11, 2, 5},
            new int[] {0, 1, 2, 3, 4, 0, 1, 2},
            new int[] {1, 1, 1, 1, 1, 2, 2, 2});
    assertArrayEquals(model.logits(FIRST)[4], packed[4], 1e-12);
    for (int t = 0; t < SECOND.length; t++) {
      assertArrayEquals(model.logits(SECOND)[t], packed[5 + t], 1e-12);
    }
  }

  @Test
  void onlyDistancesBetweenPositionsMatter() {
    double[][] shifted = model.logits(FIRST, new int[] {100, 101, 102, 103, 104}, new int[5]);
    assertArrayEquals(model.logits(FIRST)[4], shifted[4], 1e-9);
    double[][] stretched = model.logits(FIRST, new int[] {0, 2, 4, 6, 8}, new int[5]);
    assertTrue(Math.abs(model.logits(FIRST)[4][0] - stretched[4][0]) > 1e-3);
  }

  @Test
  void logProbsAreThoseOfTheFollowingToken() {
    double[] logProbs = model.logProbs(SECOND, new int[] {0, 1, 2}, new int[3], 0.7);
    double[] row = model.logits(SECOND)[0];
    double sum = 0;
    for (double logit : row) {
      sum += Math.exp(logit / 0.7);
    }
    assertEquals(2, logProbs.length);
    assertEquals(row[2] / 0.7 - Math.log(sum), logProbs[0], 1e-12);
  }

  @Test
  void entropyNearsLogVocabularyAsTheTemperatureGrows() {
    double[] hot = model.entropies(SECOND, new int[] {0, 1, 2}, new int[3], 1e6);
    assertEquals(Math.log(19), hot[2], 1e-9);
    double[] cold = model.entropies(SECOND, new int[] {0, 1, 2}, new int[3], 0.02);
    assertTrue(cold[2] < 0.1);
  }

  @Test
  void aMissingParameterIsNamed() {
    Map<String, float[]> parameters = new HashMap<>(HashedWeights.of(CONFIG));
    parameters.remove("model.layers.1.mlp.up_proj.weight");
    var error =
        assertThrows(IllegalArgumentException.class, () -> NaiveTransformer.of(CONFIG, parameters));
    assertTrue(error.getMessage().contains("model.layers.1.mlp.up_proj.weight"));
  }
}
