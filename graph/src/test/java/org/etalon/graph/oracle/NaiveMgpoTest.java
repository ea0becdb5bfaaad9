package org.etalon.graph.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.etalon.graph.oracle.NaiveMgpo.Aggregation;
import org.etalon.graph.oracle.NaiveMgpo.Divisor;
import org.etalon.graph.oracle.NaiveMgpo.Kl;
import org.etalon.graph.oracle.NaiveMgpo.Options;
import org.etalon.graph.oracle.NaiveMgpo.Result;
import org.etalon.graph.oracle.NaiveMgpo.Rollout;
import org.etalon.graph.oracle.NaiveMgpo.Truncation;
import org.junit.jupiter.api.Test;

class NaiveMgpoTest {
  @Test
  void gradientAgreesWithFiniteDifferencesUnderEveryOption() {
    List<List<Rollout>> batch = randomBatch(11);
    for (Aggregation aggregation : Aggregation.values()) {
      for (Kl kl : Kl.values()) {
        for (Truncation truncation : Truncation.values()) {
          for (Divisor divisor : Divisor.values()) {
            assertGradient(options(aggregation, 0.3, kl, true, divisor, truncation), batch);
            assertGradient(options(aggregation, 0, kl, false, divisor, truncation), batch);
          }
        }
      }
    }
  }

  @Test
  void bothBoundsClipSomewhereInTheRandomBatch() {
    Result result = loss(0.0, Kl.K1, false, Divisor.KEPT_GROUPS, Truncation.ZERO, randomBatch(11));
    assertTrue(result.clippedLow() > 0 && result.clippedHigh() > 0);
  }

  @Test
  void onPolicyLossIsMinusTheShareWeightedAdvantage() {
    List<Rollout> group = List.of(onPolicy(1, false, 3), onPolicy(0, false, 5));
    Result result = loss(0.0, Kl.K1, true, Divisor.KEPT_GROUPS, Truncation.ZERO, List.of(group));
    // Advantages of a half-right pair cancel, so the loss is 0 while the gradient is not.
    assertEquals(0, result.loss(), 1e-15);
    double a = 0.5 / (0.5 + 1e-6);
    assertArrayEquals(new double[] {a, -a}, result.advantages()[0], 1e-12);
    assertEquals(-a / 2 / 3, result.gradient()[0][0][2], 1e-12);
    assertEquals(a / 2 / 5, result.gradient()[0][1][4], 1e-12);
  }

  @Test
  void longResponsesWeighAsMuchAsShortOnesOnlyInTheSequenceMean() {
    List<Rollout> group = List.of(onPolicy(1, false, 2), onPolicy(0, false, 8));
    Options tokenMean =
        options(Aggregation.TOKEN_MEAN, 0, Kl.K1, true, Divisor.KEPT_GROUPS, Truncation.ZERO);
    Result result = new NaiveMgpo(tokenMean).loss(List.of(group));
    double a = 0.5 / (0.5 + 1e-6);
    assertEquals(-(2 * a - 8 * a) / 10, result.loss(), 1e-12);
  }

  @Test
  void uninformativeGroupsAreDroppedByAccuracyAlsoWhenTheirRewardsDiffer() {
    List<Rollout> mixed = List.of(onPolicy(1, false, 4), onPolicy(0, false, 2));
    // Long2Short gives this all-correct group a positive deviation; it must be dropped all the
    // same.
    List<Rollout> certain = List.of(onPolicy(1, false, 9), onPolicy(1, false, 2));
    Result alone = loss(0.2, Kl.K3, true, Divisor.KEPT_GROUPS, Truncation.ZERO, List.of(mixed));
    Result kept =
        loss(0.2, Kl.K3, true, Divisor.KEPT_GROUPS, Truncation.ZERO, List.of(mixed, certain));
    Result all =
        loss(0.2, Kl.K3, true, Divisor.ALL_GROUPS, Truncation.ZERO, List.of(mixed, certain));
    assertEquals(1, kept.kept());
    assertEquals(alone.loss(), kept.loss(), 1e-15);
    assertEquals(alone.loss() / 2, all.loss(), 1e-15);
    assertArrayEquals(new double[9], kept.gradient()[1][0], 0);
    Result undropped =
        loss(0.2, Kl.K3, false, Divisor.KEPT_GROUPS, Truncation.ZERO, List.of(mixed, certain));
    assertNotEquals(0, undropped.gradient()[1][0][0]);
  }

  @Test
  void aBatchOfDroppedGroupsHasNoLoss() {
    List<Rollout> wrong = List.of(onPolicy(0, false, 9), onPolicy(0, false, 2));
    Result result = loss(0.2, Kl.K3, true, Divisor.KEPT_GROUPS, Truncation.ZERO, List.of(wrong));
    assertEquals(0, result.kept());
    assertEquals(0, result.loss(), 0);
  }

  @Test
  void sharpnessZeroIsGroupRelativeOptimisationBitForBit() {
    List<Rollout> group =
        List.of(onPolicy(1, false, 4), onPolicy(0, false, 2), onPolicy(0, false, 3));
    Options base =
        options(Aggregation.SEQUENCE_MEAN, 0, Kl.K1, true, Divisor.KEPT_GROUPS, Truncation.ZERO);
    Options grpo =
        new Options(
            0,
            base.ddof(),
            base.epsilon(),
            0,
            base.clipLow(),
            base.clipHigh(),
            base.aggregation(),
            0,
            Kl.K1,
            true,
            base.divisor(),
            base.truncation(),
            0,
            1);
    assertArrayEquals(
        NaiveLosses.advantages(new double[] {1, 0, 0}, base.ddof(), base.epsilon()),
        new NaiveMgpo(grpo).groupAdvantages(group),
        0);
  }

  @Test
  void truncatedResponsesAreZeroedMaskedOrPenalised() {
    List<Rollout> group =
        List.of(onPolicy(1, true, 12), onPolicy(1, false, 4), onPolicy(0, false, 4));
    double[] zero = advantages(Truncation.ZERO, group);
    assertEquals(zero[2], zero[0], 0);
    Result masked = loss(0.0, Kl.K1, true, Divisor.KEPT_GROUPS, Truncation.MASK, List.of(group));
    assertArrayEquals(new double[12], masked.gradient()[0][0], 0);
    assertEquals(-masked.advantages()[0][1] / 3 / 4, masked.gradient()[0][1][0], 1e-15);
    // Twelve tokens are the limit of the test options: a reward of 1 − 1 equals the wrong one's 0.
    double[] penalised = advantages(Truncation.PENALTY, group);
    assertEquals(penalised[2], penalised[0], 1e-12);
    assertTrue(penalised[1] > 0);
  }

  @Test
  void allKlEstimatorsVanishAtTheReferenceAndThirdIsNeverNegative() {
    for (Kl kl : Kl.values()) {
      double[] same = {-1, -2};
      var rollout = new Rollout(1, false, same, same, same);
      var other = new Rollout(0, false, same, same, same);
      Result result =
          loss(
              1.0,
              kl,
              true,
              Divisor.KEPT_GROUPS,
              Truncation.ZERO,
              List.of(List.of(rollout, other)));
      assertEquals(0, result.kl(), 0);
    }
    double[] p = {-1, -2};
    double[] q = {-2, -1};
    var drifted = new Rollout(1, false, p, p, q);
    var other = new Rollout(0, false, p, p, q);
    var batch = List.of(List.of(drifted, other));
    assertEquals(0, kl(Kl.K1, batch), 1e-15);
    assertEquals(0.5, kl(Kl.K2, batch), 1e-15);
    assertEquals((Math.exp(-1) + Math.exp(1) - 2) / 2, kl(Kl.K3, batch), 1e-15);
  }

  private static double kl(Kl kl, List<List<Rollout>> batch) {
    return loss(1.0, kl, true, Divisor.KEPT_GROUPS, Truncation.ZERO, batch).kl();
  }

  private static double[] advantages(Truncation truncation, List<Rollout> group) {
    Options options =
        options(Aggregation.SEQUENCE_MEAN, 0, Kl.K1, true, Divisor.KEPT_GROUPS, truncation);
    return new NaiveMgpo(options).groupAdvantages(group);
  }

  private static Result loss(
      double klWeight,
      Kl kl,
      boolean drop,
      Divisor divisor,
      Truncation truncation,
      List<List<Rollout>> batch) {
    Options options = options(Aggregation.SEQUENCE_MEAN, klWeight, kl, drop, divisor, truncation);
    return new NaiveMgpo(options).loss(batch);
  }

  private static Options options(
      Aggregation aggregation,
      double klWeight,
      Kl kl,
      boolean drop,
      Divisor divisor,
      Truncation truncation) {
    double longToShort = truncation == Truncation.ZERO ? 0.2 : 0;
    return new Options(
        1,
        0,
        1e-6,
        longToShort,
        0.2,
        0.28,
        aggregation,
        klWeight,
        kl,
        drop,
        divisor,
        truncation,
        12,
        4);
  }

  private static Rollout onPolicy(double reward, boolean truncated, int length) {
    double[] logProbs = new double[length];
    for (int t = 0; t < length; t++) {
      logProbs[t] = -0.1 * (t + 1);
    }
    return new Rollout(reward, truncated, logProbs, logProbs, new double[length]);
  }

  private static List<List<Rollout>> randomBatch(long seed) {
    Random random = new Random(seed);
    List<List<Rollout>> batch = new ArrayList<>();
    for (int g = 0; g < 4; g++) {
      List<Rollout> group = new ArrayList<>();
      for (int i = 0; i < 3 + g; i++) {
        int length = 1 + random.nextInt(7);
        double reward = g == 3 ? 1 : i % 2;
        double[] logProbs = new double[length];
        double[] old = new double[length];
        double[] reference = new double[length];
        for (int t = 0; t < length; t++) {
          logProbs[t] = -3 * random.nextDouble();
          old[t] = logProbs[t] + random.nextDouble() - 0.5;
          reference[t] = logProbs[t] + random.nextDouble() - 0.5;
        }
        group.add(new Rollout(reward, i == 1, logProbs, old, reference));
      }
      batch.add(group);
    }
    return batch;
  }

  private static void assertGradient(Options options, List<List<Rollout>> batch) {
    NaiveMgpo mgpo = new NaiveMgpo(options);
    double[][][] gradient = mgpo.loss(batch).gradient();
    for (int g = 0; g < batch.size(); g++) {
      for (int i = 0; i < batch.get(g).size(); i++) {
        double[] live = batch.get(g).get(i).logProbs();
        int[] all = IntStream.range(0, live.length).toArray();
        double[] numeric =
            FiniteDifferences.inPlace(() -> mgpo.loss(batch).loss(), live, 1e-6, all);
        assertArrayEquals(numeric, gradient[g][i], 1e-8, options::toString);
      }
    }
  }
}
