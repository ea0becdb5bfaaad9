package org.etalon.graph.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.graph.RopeScaling;
import org.etalon.graph.RopeScaling.Yarn;
import org.junit.jupiter.api.Test;

/** Holds {@link RopeScaling} against transformers' ROPE_INIT_FUNCTIONS. */
class GoldenRopeTest {
  /** transformers computes the frequencies in float32; the error is relative to the frequency. */
  private static final double RELATIVE = 1e-6;

  /** The cases of make_hf_golden.py, which wrote the numbers. */
  private static Map<String, RopeScaling> cases() {
    Map<String, RopeScaling> cases = new LinkedHashMap<>();
    cases.put("default", new RopeScaling.None());
    cases.put("linear", new RopeScaling.Linear(3.5));
    cases.put("llama3", new RopeScaling.Llama3(8, 1, 4, 64));
    cases.put("llama3-wide", new RopeScaling.Llama3(32, 1, 4, 8192));
    cases.put("yarn", yarn(4, 32768));
    cases.put("yarn-fractions", new Yarn(8, 64, 3, 0.5, Yarn.recommendedAttention(8), false));
    cases.put("yarn-window-of-16", yarn(4, 16));
    cases.put("yarn-below", yarn(4, 4));
    cases.put("yarn-above", yarn(4, 32768));
    cases.put("yarn-factor-1", yarn(1, 64));
    return cases;
  }

  private static Yarn yarn(double factor, int original) {
    return new Yarn(factor, original, 32, 1, Yarn.recommendedAttention(factor), true);
  }

  @Test
  void frequenciesAndSharpeningAgreeWithTransformers() {
    Golden golden = Golden.read("rope.txt");
    Map<String, RopeScaling> cases = cases();
    assertEquals(cases.size(), golden.names("case.").size());
    cases.forEach(
        (name, scaling) -> {
          double[] sizes = golden.vector("case." + name);
          double[] expected = golden.vector("frequencies." + name);
          assertEquals(sizes[0] / 2, expected.length);
          for (int i = 0; i < expected.length; i++) {
            double got = scaling.frequency(i, (int) sizes[0], sizes[1]);
            assertEquals(expected[i], got, RELATIVE * expected[i], name + " channel " + i);
          }
          assertEquals(golden.number("attention." + name), scaling.attentionFactor(), RELATIVE);
        });
  }

  @Test
  void aFactorThatShortensTheWindowIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RopeScaling.Linear(0.5));
    assertThrows(IllegalArgumentException.class, () -> yarn(Double.NaN, 16));
    assertThrows(IllegalArgumentException.class, () -> yarn(2, 0));
    assertThrows(IllegalArgumentException.class, () -> new RopeScaling.Llama3(8, 4, 1, 64));
  }
}
