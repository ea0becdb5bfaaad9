package org.etalon.graph.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NaiveSamplerTest {
  /** Logits whose softmax is 0.1, 0.4, 0.3, 0.2. */
  private static final double[] LOGITS = {
    Math.log(0.1), Math.log(0.4), Math.log(0.3), Math.log(0.2)
  };

  @Test
  void withoutFiltersTheFullDistributionComesBack() {
    assertArrayEquals(
        new double[] {0.1, 0.4, 0.3, 0.2}, NaiveSampler.filtered(LOGITS, 1, 0, 1), 1e-12);
  }

  @Test
  void topKKeepsTheMostProbableTokens() {
    assertArrayEquals(
        new double[] {0, 4 / 7.0, 3 / 7.0, 0}, NaiveSampler.filtered(LOGITS, 1, 2, 1), 1e-12);
  }

  @Test
  void topPKeepsTheTokenThatCrossesTheMass() {
    assertArrayEquals(
        new double[] {0, 4 / 7.0, 3 / 7.0, 0}, NaiveSampler.filtered(LOGITS, 1, 0, 0.6), 1e-12);
    assertArrayEquals(new double[] {0, 1, 0, 0}, NaiveSampler.filtered(LOGITS, 1, 0, 1e-9), 1e-12);
  }

  @Test
  void topPIsTakenOfWhatTopKLeft() {
    // Of 4/9, 3/9, 2/9 the first two reach 0.75; of the unfiltered 0.4, 0.3, 0.2 they would not.
    assertArrayEquals(
        new double[] {0, 4 / 7.0, 3 / 7.0, 0}, NaiveSampler.filtered(LOGITS, 1, 3, 0.75), 1e-12);
  }

  @Test
  void temperatureSharpensBeforeTheFilters() {
    double[] squares = {1 / 30.0, 16 / 30.0, 9 / 30.0, 4 / 30.0};
    assertArrayEquals(squares, NaiveSampler.filtered(LOGITS, 0.5, 0, 1), 1e-12);
    assertEquals(Math.log(9 / 30.0), NaiveSampler.logProb(LOGITS, 0.5, 2), 1e-12);
  }

  @Test
  void equalLogitsRankByTheLowerId() {
    double[] flat = {0, 0, 0};
    assertArrayEquals(new double[] {1, 0, 0}, NaiveSampler.filtered(flat, 1, 1, 1), 1e-12);
    assertEquals(0, NaiveSampler.greedy(flat));
  }

  @Test
  void drawInvertsTheCumulativeDistribution() {
    double[] p = {0.1, 0, 0.6, 0.3};
    assertEquals(0, NaiveSampler.draw(p, 0));
    assertEquals(0, NaiveSampler.draw(p, 0.0999));
    assertEquals(2, NaiveSampler.draw(p, 0.1));
    assertEquals(2, NaiveSampler.draw(p, 0.69));
    assertEquals(3, NaiveSampler.draw(p, 0.71));
    assertEquals(3, NaiveSampler.draw(p, Math.nextDown(1.0)));
    assertEquals(2, NaiveSampler.drawDescending(p, 0.59));
    assertEquals(3, NaiveSampler.drawDescending(p, 0.61));
    assertEquals(0, NaiveSampler.drawDescending(p, 0.95));
  }
}
