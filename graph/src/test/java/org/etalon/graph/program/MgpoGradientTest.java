package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.etalon.graph.loss.ClippedSurrogate;
import org.etalon.graph.loss.GroupAdvantage;
import org.etalon.graph.loss.KlEstimator;
import org.etalon.graph.loss.MaxEntropyWeight;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.oracle.FiniteDifferences;
import org.etalon.graph.oracle.NaiveLosses;
import org.etalon.graph.oracle.NaiveMgpo;
import org.etalon.graph.oracle.NaiveMgpo.Aggregation;
import org.etalon.graph.oracle.NaiveMgpo.Rollout;
import org.etalon.graph.oracle.NaiveTransformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The policy objective of two groups of four off-policy responses, through the whole model. */
class MgpoGradientTest {
  private static final SmallModel MODEL = SmallModel.TIED;
  private static final double TEMPERATURE = 0.9;
  private static final double SHARPNESS = 1.5;
  private static final float LOW = 0.2f;
  private static final float HIGH = 0.28f;
  private static final int PROMPT = 3;
  private static final int[][] LENGTHS = {{4, 1, 6, 3}, {2, 5, 5, 7}};
  private static final double[][] REWARDS = {{1, 0, 1, 1}, {0, 1, 1, 0}};
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0);

  private final NaiveTransformer naive = MODEL.naive();
  private final List<Document> documents = documents();
  private final List<List<Rollout>> groups = groups();

  @ParameterizedTest
  @CsvSource({
    "SEQUENCE_MEAN, K3, 0",
    "TOKEN_MEAN, K3, 0",
    "SEQUENCE_MEAN, K1, 0.5",
    "SEQUENCE_MEAN, K2, 0.5",
    "SEQUENCE_MEAN, K3, 0.5",
    "TOKEN_MEAN, K3, 2"
  })
  void lossAndGradientAgreeWithNaiveMgpo(Aggregation aggregation, KlEstimator kl, double beta) {
    NaiveMgpo.Result expected = new NaiveMgpo(options(aggregation, kl, beta)).loss(groups);
    assertTrue(expected.clippedLow() > 0.02, "some tokens are held by the lower bound");
    assertTrue(expected.clippedHigh() > 0.02, "some tokens are held by the upper bound");
    var objective = new ClippedSurrogate(LOW, HIGH, (float) beta, kl);
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, objective, ADAM, 9);
      Layout layout = layout(aggregation, SHARPNESS);
      float loss = trainer.accumulate(layout.batch(), TEMPERATURE, layout.inputs()).loss();
      assertEquals(expected.loss(), loss, 2e-6);
      Gradient gradient = Gradient.of(trainer, program.config());
      for (String name : gradient.values().keySet()) {
        int at = gradient.steepest(name);
        double slope =
            FiniteDifferences.inPlace(
                () -> linear(expected.gradient()), naive.parameter(name), 1e-5, at)[0];
        float actual = gradient.values().get(name)[at];
        assertEquals(slope, actual, 2e-6 + 1e-5 * Math.abs(slope), name + "[" + at + "]");
      }
    }
  }

  @Test
  void lambdaZeroIsGrpoBitForBit() {
    Gradient weighted = gradient(layout(Aggregation.SEQUENCE_MEAN, 0));
    List<Document> plain = new ArrayList<>();
    for (int d = 0; d < documents.size(); d++) {
      double[] advantages = NaiveLosses.advantages(REWARDS[d / 4], 1, 1e-4);
      plain.add(document(d, Aggregation.SEQUENCE_MEAN, (float) advantages[d % 4]));
    }
    Gradient grpo = gradient(pack(plain));
    grpo.values().forEach((k, v) -> assertArrayEquals(v, weighted.values().get(k), k));
    Gradient sharp = gradient(layout(Aggregation.SEQUENCE_MEAN, 1));
    assertTrue(sharp.distanceFrom(grpo) > 1e-3, "λ = 1 is another objective");
  }

  @Test
  void onPolicyTheRatioIsOneAtTheSamplingTemperature() {
    List<Document> onPolicy = new ArrayList<>();
    float[] scores;
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Layout layout = layout(Aggregation.SEQUENCE_MEAN, SHARPNESS);
      scores = new Scorer(program, 9).score(layout.batch(), TEMPERATURE).logps();
      for (int d = 0; d < documents.size(); d++) {
        Document document = layout.rows().get(d / 2).get(d % 2);
        onPolicy.add(document.with("old_logp", layout.targetsOf(scores, d / 2, d % 2)));
      }
    }
    Layout layout = pack(onPolicy);
    var objective = new ClippedSurrogate(LOW, HIGH, 0, KlEstimator.K3);
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, objective, ADAM, 9);
      float loss = trainer.accumulate(layout.batch(), TEMPERATURE, layout.inputs()).loss();
      double expected = 0;
      for (int i = 0; i < layout.batch().weights().length; i++) {
        expected -= layout.batch().weights()[i] * layout.inputs().get("advantage")[i];
      }
      assertEquals(expected, loss, 1e-6);
    }
  }

  private Gradient gradient(Layout layout) {
    try (Program program = MODEL.program(Lowering.INLINE)) {
      var objective = new ClippedSurrogate(LOW, HIGH, 0, KlEstimator.K3);
      Trainer trainer = new Trainer(program, objective, ADAM, 9);
      trainer.accumulate(layout.batch(), TEMPERATURE, layout.inputs());
      return Gradient.of(trainer, program.config());
    }
  }

  /** Σ slope · ln p over all response tokens: its derivative is the loss's by the chain rule. */
  private double linear(double[][][] slopes) {
    double sum = 0;
    for (int d = 0; d < documents.size(); d++) {
      double[] logProbs = logProbs(documents.get(d).ids());
      double[] slope = slopes[d / 4][d % 4];
      for (int t = 0; t < slope.length; t++) {
        sum += slope[t] * logProbs[PROMPT - 1 + t];
      }
    }
    return sum;
  }

  private double[] logProbs(int[] ids) {
    int[] positions = IntStream.range(0, ids.length).toArray();
    return naive.logProbs(ids, positions, new int[ids.length], TEMPERATURE);
  }

  /** Documents that hold old and reference log-probabilities off by up to 1 nat. */
  private List<Document> documents() {
    Random random = new Random(21);
    List<Document> result = new ArrayList<>();
    for (int[] group : LENGTHS) {
      for (int length : group) {
        Document document = Document.random(random, MODEL.sizes().vocab(), PROMPT + length);
        double[] logProbs = logProbs(document.ids());
        float[] old = new float[logProbs.length];
        float[] reference = new float[logProbs.length];
        for (int t = 0; t < old.length; t++) {
          old[t] = (float) (logProbs[t] + 2 * random.nextDouble() - 1);
          reference[t] = (float) (logProbs[t] + 2 * random.nextDouble() - 1);
        }
        result.add(document.with("old_logp", old).with("reference_logp", reference));
      }
    }
    return result;
  }

  private List<List<Rollout>> groups() {
    List<List<Rollout>> result = List.of(new ArrayList<>(), new ArrayList<>());
    for (int d = 0; d < documents.size(); d++) {
      Document document = documents.get(d);
      result
          .get(d / 4)
          .add(
              new Rollout(
                  REWARDS[d / 4][d % 4],
                  false,
                  response(logProbs(document.ids())),
                  response(Gradient.widened(document.inputs().get("old_logp"))),
                  response(Gradient.widened(document.inputs().get("reference_logp")))));
    }
    return result;
  }

  private static double[] response(double[] perTarget) {
    return Arrays.copyOfRange(perTarget, PROMPT - 1, perTarget.length);
  }

  private Layout layout(Aggregation aggregation, double lambda) {
    var group = new GroupAdvantage(new MaxEntropyWeight(lambda), 1, 1e-4);
    List<Document> result = new ArrayList<>();
    for (int d = 0; d < documents.size(); d++) {
      double[] rewards = REWARDS[d / 4];
      boolean[] correct = new boolean[rewards.length];
      for (int i = 0; i < rewards.length; i++) {
        correct[i] = rewards[i] == 1;
      }
      double[] advantages = group.of(correct, rewards).advantages();
      result.add(document(d, aggregation, (float) advantages[d % 4]));
    }
    return pack(result);
  }

  private static Layout pack(List<Document> documents) {
    List<List<Document>> rows = new ArrayList<>();
    for (int d = 0; d < documents.size(); d += 2) {
      rows.add(documents.subList(d, d + 2));
    }
    return Layout.of(rows, 19, MODEL.sizes().vocab(), 5);
  }

  private Document document(int d, Aggregation aggregation, float advantage) {
    Document document = documents.get(d);
    int own = document.length() - PROMPT;
    int all = IntStream.of(LENGTHS[0]).sum() + IntStream.of(LENGTHS[1]).sum();
    double share = aggregation == Aggregation.TOKEN_MEAN ? 1.0 / all : 1.0 / (2 * 4 * own);
    float[] weights = new float[document.length() - 1];
    float[] advantages = new float[weights.length];
    for (int t = PROMPT - 1; t < weights.length; t++) {
      weights[t] = (float) share;
      advantages[t] = advantage;
    }
    return document.weighing(weights).with("advantage", advantages);
  }

  private static NaiveMgpo.Options options(Aggregation aggregation, KlEstimator kl, double beta) {
    return new NaiveMgpo.Options(
        SHARPNESS,
        1,
        1e-4,
        0,
        LOW,
        HIGH,
        aggregation,
        beta,
        NaiveMgpo.Kl.valueOf(kl.name()),
        true,
        NaiveMgpo.Divisor.KEPT_GROUPS,
        NaiveMgpo.Truncation.ZERO,
        0,
        0);
  }
}
