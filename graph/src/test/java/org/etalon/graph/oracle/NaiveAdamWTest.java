package org.etalon.graph.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NaiveAdamWTest {
  @Test
  void firstStepMovesByTheRateInTheGradientsDirection() {
    double[][] parameters = {{1, -2}};
    NaiveAdamW adam = new NaiveAdamW(0.9, 0.999, 0, Double.POSITIVE_INFINITY);
    assertTrue(adam.step(parameters, new double[][] {{0.3, -7}}, 0.01, 0));
    assertArrayEquals(new double[] {0.99, -1.99}, parameters[0], 1e-12);
  }

  @Test
  void decayIsDecoupledFromTheGradientAndPerParameter() {
    double[][] parameters = {{4}, {4}};
    NaiveAdamW adam = new NaiveAdamW(0.9, 0.999, 1e-8, Double.POSITIVE_INFINITY);
    adam.step(parameters, new double[][] {{0}, {0}}, 0.5, 0.1, 0);
    assertArrayEquals(new double[] {3.8}, parameters[0], 1e-12);
    assertArrayEquals(new double[] {4}, parameters[1], 0);
  }

  @Test
  void clippingScalesAllGradientsByTheGlobalNorm() {
    double[][] clipped = {{1}, {1}};
    double[][] scaled = {{1}, {1}};
    NaiveAdamW one = new NaiveAdamW(0.9, 0.999, 1, 1);
    NaiveAdamW two = new NaiveAdamW(0.9, 0.999, 1, Double.POSITIVE_INFINITY);
    one.step(clipped, new double[][] {{3}, {4}}, 0.1, 0, 0);
    two.step(scaled, new double[][] {{0.6}, {0.8}}, 0.1, 0, 0);
    assertArrayEquals(scaled[0], clipped[0], 1e-15);
    assertArrayEquals(scaled[1], clipped[1], 1e-15);
  }

  @Test
  void aNonFiniteGradientChangesNothing() {
    double[][] parameters = {{1, 2}};
    double[][] undisturbed = {{1, 2}};
    NaiveAdamW adam = new NaiveAdamW(0.9, 0.999, 1e-8, 1);
    NaiveAdamW other = new NaiveAdamW(0.9, 0.999, 1e-8, 1);
    assertFalse(adam.step(parameters, new double[][] {{Double.NaN, 1}}, 0.1, 0.1));
    assertTrue(adam.step(parameters, new double[][] {{1, 1}}, 0.1, 0.1));
    assertTrue(other.step(undisturbed, new double[][] {{1, 1}}, 0.1, 0.1));
    assertArrayEquals(undisturbed[0], parameters[0], 0);
  }

  @Test
  void rateRisesLinearlyToThePeakThenFallsToTheFloor() {
    assertEquals(0.25, NaiveAdamW.learningRate(1, 4, 12, 1, 0.2), 1e-15);
    assertEquals(1, NaiveAdamW.learningRate(4, 4, 12, 1, 0.2), 1e-15);
    assertEquals(0.6, NaiveAdamW.learningRate(8, 4, 12, 1, 0.2), 1e-15);
    assertEquals(0.2, NaiveAdamW.learningRate(12, 4, 12, 1, 0.2), 1e-15);
    assertEquals(0.2, NaiveAdamW.learningRate(99, 4, 12, 1, 0.2), 1e-15);
  }

  @Test
  void withoutWarmUpTheFirstRateIsJustBelowThePeak() {
    double expected = 0.5 * (1 + Math.cos(Math.PI / 10));
    assertEquals(expected, NaiveAdamW.learningRate(1, 0, 10, 1, 0), 1e-15);
  }
}
