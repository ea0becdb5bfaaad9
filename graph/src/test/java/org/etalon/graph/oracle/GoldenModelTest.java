package org.etalon.graph.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds {@link NaiveTransformer} against transformers' Qwen2ForCausalLM and Qwen3ForCausalLM. */
class GoldenModelTest {
  /** transformers computes norms, softmax and rotary angles in float32 even in a float64 model. */
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied.txt", "qwen2-untied.txt", "qwen3.txt"})
  void logitsAgreeWithTransformers(String file) {
    Golden golden = Golden.read(file);
    NaiveTransformer model = model(golden);
    for (int d = 0; d < 2; d++) {
      double[][] logits = model.logits(golden.ints("ids." + d));
      for (int t = 0; t < logits.length; t++) {
        assertArrayEquals(golden.vector("logits." + d + "." + t), logits[t], TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied.txt", "qwen2-untied.txt", "qwen3.txt"})
  void packedDocumentsKeepTheLogProbsAndEntropiesOfSeparateOnes(String file) {
    Golden golden = Golden.read(file);
    NaiveTransformer model = model(golden);
    int[] first = golden.ints("ids.0");
    int[] second = golden.ints("ids.1");
    int[] ids = new int[first.length + second.length];
    int[] positions = new int[ids.length];
    int[] segments = new int[ids.length];
    for (int t = 0; t < ids.length; t++) {
      boolean inFirst = t < first.length;
      ids[t] = inFirst ? first[t] : second[t - first.length];
      positions[t] = inFirst ? t : t - first.length;
      segments[t] = inFirst ? 0 : 1;
    }
    double temperature = golden.number("temperature");
    double[] logProbs = model.logProbs(ids, positions, segments, temperature);
    double[] entropies = model.entropies(ids, positions, segments, temperature);
    assertPart(golden.vector("logprobs.0"), logProbs, 0);
    assertPart(golden.vector("logprobs.1"), logProbs, first.length);
    assertPart(golden.vector("entropies.0"), entropies, 0);
    assertPart(golden.vector("entropies.1"), entropies, first.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-tied.txt", "qwen2-untied.txt", "qwen3.txt"})
  void lossAndItsDerivativesAgreeWithTorch(String file) {
    Golden golden = Golden.read(file);
    NaiveTransformer model = model(golden);
    assertEquals(golden.number("sft.loss"), loss(model, golden), TOLERANCE);
    double squares = 0;
    for (String line : golden.names("grad.")) {
      double[] live = model.parameter(line.substring("grad.".length()));
      double[] expected = golden.vector(line);
      double[] numeric =
          FiniteDifferences.inPlace(
              () -> loss(model, golden), live, 1e-5, live.length / 3, live.length - 1);
      assertEquals(expected[1], numeric[0], TOLERANCE, line);
      assertEquals(expected[2], numeric[1], TOLERANCE, line);
      squares += expected[0] * expected[0];
    }
    assertEquals(golden.config().shapes().size(), golden.names("grad.").size());
    assertEquals(golden.number("sft.gradnorm"), Math.sqrt(squares), TOLERANCE);
  }

  private static NaiveTransformer model(Golden golden) {
    return NaiveTransformer.of(golden.config(), HashedWeights.of(golden.config()));
  }

  private static double loss(NaiveTransformer model, Golden golden) {
    double[][] logProbs = new double[2][];
    boolean[][] mask = new boolean[2][];
    for (int d = 0; d < 2; d++) {
      int[] ids = golden.ints("ids." + d);
      int[] positions = new int[ids.length];
      for (int t = 0; t < ids.length; t++) {
        positions[t] = t;
      }
      logProbs[d] = model.logProbs(ids, positions, new int[ids.length], 1);
      mask[d] = golden.mask("mask." + d);
    }
    return NaiveLosses.crossEntropy(logProbs, mask);
  }

  private static void assertPart(double[] expected, double[] actual, int from) {
    for (int t = 0; t < expected.length; t++) {
      assertEquals(expected[t], actual[from + t], TOLERANCE);
    }
  }
}
