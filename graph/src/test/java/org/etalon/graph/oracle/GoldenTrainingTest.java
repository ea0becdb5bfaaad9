package org.etalon.graph.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.etalon.graph.oracle.NaiveMgpo.Aggregation;
import org.etalon.graph.oracle.NaiveMgpo.Divisor;
import org.etalon.graph.oracle.NaiveMgpo.Kl;
import org.etalon.graph.oracle.NaiveMgpo.Options;
import org.etalon.graph.oracle.NaiveMgpo.Result;
import org.etalon.graph.oracle.NaiveMgpo.Rollout;
import org.etalon.graph.oracle.NaiveMgpo.Truncation;
import org.junit.jupiter.api.Test;

/** Holds the naive objective, optimizer and sampler against TRL, torch and transformers. */
class GoldenTrainingTest {
  private static final double TOLERANCE = 1e-8;

  @Test
  void lossAndGradientAgreeWithTrl() {
    Golden golden = Golden.read("mgpo.txt");
    int cases = 0;
    for (String line : golden.names("loss.")) {
      String name = line.substring("loss.".length());
      Result result = new NaiveMgpo(options(name)).loss(groups(golden));
      assertEquals(golden.number(line), result.loss(), TOLERANCE, name);
      for (int i = 0; i < 8; i++) {
        assertArrayEquals(
            golden.vector("grad." + name + "." + i),
            result.gradient()[i / 4][i % 4],
            TOLERANCE,
            name);
      }
      cases++;
    }
    assertEquals(24, cases);
  }

  @Test
  void advantagesAreTheWeightedOnes() {
    Golden golden = Golden.read("mgpo.txt");
    for (String sharpness : List.of("0", "1", "4")) {
      double[] expected = golden.vector("advantages." + sharpness);
      NaiveMgpo mgpo = new NaiveMgpo(options("grpo." + sharpness + ".none"));
      for (int i = 0; i < 8; i++) {
        double actual = mgpo.groupAdvantages(groups(golden).get(i / 4))[i % 4];
        assertEquals(expected[i], actual, TOLERANCE);
      }
    }
  }

  @Test
  void clipRatiosAndKlAgreeWithTrl() {
    Golden golden = Golden.read("mgpo.txt");
    Result result = new NaiveMgpo(options("bnpo.0.k3")).loss(groups(golden));
    // TRL keeps these counts in float32.
    assertEquals(golden.number("clipped.low"), result.clippedLow(), 1e-7);
    assertEquals(golden.number("clipped.high"), result.clippedHigh(), 1e-7);
    assertEquals(golden.number("kl.k3"), result.kl(), TOLERANCE);
    assertTrue(result.clippedLow() > 0 && result.clippedHigh() > 0);
  }

  @Test
  void adamWAgreesWithTorch() {
    // torch divides by the norm plus 1e-6 when it clips, we by the norm itself.
    assertAdamW("unclipped", Double.POSITIVE_INFINITY, TOLERANCE);
    assertAdamW("clipped", 1, 1e-6);
  }

  @Test
  void filteredProbabilitiesAgreeWithTransformers() {
    Golden golden = Golden.read("sampler.txt");
    float[] hashed = HashedWeights.values("sampler.logits", 41);
    double[] logits = new double[hashed.length];
    for (int i = 0; i < hashed.length; i++) {
      logits[i] = 6.0 * hashed[i];
    }
    for (String line : golden.names("case.")) {
      String number = line.substring("case.".length());
      double[] c = golden.vector(line);
      assertArrayEquals(
          golden.vector("probabilities." + number),
          NaiveSampler.filtered(logits, c[0], (int) c[1], c[2]),
          TOLERANCE);
      assertArrayEquals(
          golden.vector("logprobs." + number), NaiveSampler.logSoftmax(logits, c[0]), TOLERANCE);
    }
    assertEquals(5, golden.names("case.").size());
  }

  private static Options options(String name) {
    String[] parts = name.split("\\.", 3);
    boolean none = parts[2].equals("none");
    return new Options(
        Double.parseDouble(parts[1]),
        1,
        1e-4,
        0,
        0.2,
        0.28,
        parts[0].equals("grpo") ? Aggregation.SEQUENCE_MEAN : Aggregation.TOKEN_MEAN,
        none ? 0 : 0.05,
        none ? Kl.K1 : Kl.valueOf("K" + parts[2].charAt(1)),
        true,
        Divisor.KEPT_GROUPS,
        Truncation.ZERO,
        0,
        1);
  }

  private static List<List<Rollout>> groups(Golden golden) {
    List<List<Rollout>> groups = List.of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      Rollout rollout =
          new Rollout(
              golden.vector("rewards")[i],
              false,
              golden.vector("new." + i),
              golden.vector("old." + i),
              golden.vector("ref." + i));
      groups.get(i / 4).add(rollout);
    }
    return groups;
  }

  private static void assertAdamW(String name, double maxNorm, double tolerance) {
    Golden golden = Golden.read("adamw.txt");
    double[] o = golden.vector("options");
    double[] rates = golden.vector("rates");
    double[][] p = {golden.vector("start.matrix"), golden.vector("start.bias")};
    NaiveAdamW adam = new NaiveAdamW(o[0], o[1], o[2], maxNorm);
    for (int step = 0; step < 3; step++) {
      double[][] gradients = {gradient(golden, "matrix", p[0]), gradient(golden, "bias", p[1])};
      double norm = golden.number(name + ".norm." + step);
      // The norm of a trajectory that differs by the clip's 1e-6, times the loss's curvature.
      assertEquals(norm, NaiveAdamW.globalNorm(gradients), 50 * tolerance);
      adam.step(p, gradients, rates[step], o[3], 0);
      assertArrayEquals(golden.vector(name + ".matrix." + step), p[0], tolerance, name);
      assertArrayEquals(golden.vector(name + ".bias." + step), p[1], tolerance, name);
    }
  }

  private static double[] gradient(Golden golden, String name, double[] p) {
    double[] target = golden.vector("target." + name);
    double[] scale = golden.vector("scale." + name);
    double[] gradient = new double[p.length];
    for (int i = 0; i < p.length; i++) {
      gradient[i] = 2 * scale[i] * (p[i] - target[i]);
    }
    return gradient;
  }
}
