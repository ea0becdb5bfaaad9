package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.etalon.graph.ParameterSpec;
import org.etalon.graph.loss.ClippedSurrogate;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.loss.KlEstimator;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.oracle.FiniteDifferences;
import org.etalon.graph.oracle.NaiveAdamW;
import org.etalon.graph.oracle.NaiveTransformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final AdamW ADAMW = new AdamW(0.9, 0.95, 1e-8, 0.1);

  /** Documents whose second half is trained on, with weights that sum to 1. */
  private static List<Document> documents(int vocabulary) {
    Random random = new Random(4);
    List<Document> documents = new ArrayList<>();
    int trained = 0;
    for (int length : new int[] {6, 11, 3, 8, 9}) {
      documents.add(Document.random(random, vocabulary, length));
      trained += length / 2;
    }
    List<Document> weighted = new ArrayList<>();
    for (Document document : documents) {
      float[] weights = new float[document.length() - 1];
      Arrays.fill(weights, weights.length - document.length() / 2, weights.length, 1f / trained);
      weighted.add(document.weighing(weights));
    }
    return weighted;
  }

  private static Trainer trainer(Program program, int headChunk) {
    return new Trainer(program, new CrossEntropy(), ADAMW, headChunk);
  }

  /** A model's loss and all of its gradients, flat. */
  private record Gradient(double loss, Map<String, float[]> byName) {
    static Gradient of(SmallModel model, List<Layout> batches, int headChunk, Lowering lowering) {
      try (Program program = model.program(lowering)) {
        Trainer trainer = trainer(program, headChunk);
        double loss = 0;
        for (Layout batch : batches) {
          loss += trainer.accumulate(batch.batch(), 1, batch.inputs()).loss();
        }
        Map<String, float[]> gradients = new TreeMap<>();
        for (ParameterSpec spec : model.config().parameters()) {
          gradients.put(spec.name(), trainer.gradient(spec.name()));
        }
        return new Gradient(loss, gradients);
      }
    }

    double distanceTo(Gradient other) {
      double difference = 0;
      double norm = 0;
      for (String name : byName.keySet()) {
        for (int i = 0; i < byName.get(name).length; i++) {
          difference += Math.pow(byName.get(name)[i] - other.byName.get(name)[i], 2);
          norm += Math.pow(byName.get(name)[i], 2);
        }
      }
      return Math.sqrt(difference / norm);
    }
  }

  @ParameterizedTest
  @CsvSource({"INLINE, true", "INLINE, false", "XLA, true", "XLA, false"})
  void sftGradientAgreesWithFiniteDifferences(Lowering lowering, boolean tied) {
    SmallModel model = tied ? SmallModel.TIED : SmallModel.UNTIED;
    List<Document> documents = documents(model.sizes().vocab());
    Layout layout =
        Layout.of(
            List.of(documents.subList(0, 2), documents.subList(2, 5)),
            21,
            model.sizes().vocab(),
            2);
    Gradient actual = Gradient.of(model, List.of(layout), 7, lowering);
    NaiveTransformer naive = model.naive();
    DoubleSupplier loss =
        () -> {
          double sum = 0;
          for (Document document : documents) {
            double[] logps = logProbs(naive, document.ids());
            for (int t = 0; t < logps.length; t++) {
              sum -= document.weights()[t] * logps[t];
            }
          }
          return sum;
        };
    assertEquals(loss.getAsDouble(), actual.loss(), 1e-5);
    assertGradient(model, naive, loss, actual.byName());
  }

  private static void assertGradient(
      SmallModel model, NaiveTransformer naive, DoubleSupplier loss, Map<String, float[]> actual) {
    Random random = new Random(9);
    for (ParameterSpec spec : model.config().parameters()) {
      int[] at = random.ints(3, 0, (int) spec.size()).toArray();
      double[] expected = FiniteDifferences.inPlace(loss, naive.parameter(spec.name()), 1e-5, at);
      for (int i = 0; i < at.length; i++) {
        assertEquals(
            expected[i],
            actual.get(spec.name())[at[i]],
            2e-6 + 1e-4 * Math.abs(expected[i]),
            spec.name() + "[" + at[i] + "]");
      }
    }
  }

  private static double[] logProbs(NaiveTransformer naive, int[] ids) {
    return naive.logProbs(ids, IntStream.range(0, ids.length).toArray(), new int[ids.length], 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void formsOfOneBatchGiveOneLossAndGradient(boolean tied) {
    SmallModel model = tied ? SmallModel.TIED : SmallModel.UNTIED;
    int vocabulary = model.sizes().vocab();
    List<Document> d = documents(vocabulary);
    List<List<Document>> rows = List.of(d.subList(0, 2), d.subList(2, 5));
    Gradient packed =
        Gradient.of(model, List.of(Layout.of(rows, 20, vocabulary, 1)), 64, Lowering.INLINE);
    Map<String, List<Layout>> forms = new TreeMap<>();
    forms.put("other padding", List.of(Layout.of(rows, 33, vocabulary, 77)));
    forms.put("one row each", List.of(Layout.padded(d, 4, vocabulary, 3)));
    forms.put("unpacked", Layout.unpacked(d, vocabulary));
    forms.put(
        "micro-batches",
        List.of(
            Layout.padded(d.subList(0, 2), 0, vocabulary, 5),
            Layout.padded(d.subList(2, 5), 1, vocabulary, 6)));
    forms.forEach(
        (name, batches) -> {
          for (int headChunk : new int[] {64, 5}) {
            Gradient form = Gradient.of(model, batches, headChunk, Lowering.INLINE);
            assertEquals(packed.loss(), form.loss(), 1e-6 * packed.loss(), name);
            assertTrue(packed.distanceTo(form) < 1e-6, name + ": " + packed.distanceTo(form));
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"K1, 0", "K1, 0.2", "K2, 0.2", "K3, 0.2"})
  void mgpoGradientAgreesWithFiniteDifferences(KlEstimator estimator, float beta) {
    SmallModel model = SmallModel.TIED;
    NaiveTransformer naive = model.naive();
    Random random = new Random(21);
    List<Document> documents = new ArrayList<>();
    int clipped = 0;
    for (Document document : documents(model.sizes().vocab())) {
      double[] now = logProbs(naive, document.ids());
      float[] old = new float[now.length];
      float[] advantage = new float[now.length];
      float[] reference = new float[now.length];
      float a = (float) random.nextGaussian();
      for (int t = 0; t < now.length; t++) {
        old[t] = (float) (now[t] + 0.5 * random.nextGaussian());
        reference[t] = (float) (now[t] + 0.5 * random.nextGaussian());
        advantage[t] = a;
        double ratio = Math.exp(now[t] - old[t]);
        clipped += (a > 0 && ratio > 1.28) || (a < 0 && ratio < 0.8) ? 1 : 0;
      }
      Document full = document.with("old_logp", old).with("advantage", advantage);
      documents.add(beta > 0 ? full.with("reference_logp", reference) : full);
    }
    assertTrue(clipped > 3, "the test must reach the clipped side");
    DoubleSupplier loss =
        () -> {
          double sum = 0;
          for (Document document : documents) {
            double[] now = logProbs(naive, document.ids());
            for (int t = 0; t < now.length; t++) {
              sum += document.weights()[t] * tokenLoss(now[t], document, t, estimator, beta);
            }
          }
          return sum;
        };
    var objective = new ClippedSurrogate(0.2f, 0.28f, beta, estimator);
    Layout layout = Layout.padded(documents, 2, model.sizes().vocab(), 8);
    try (Program program = model.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, objective, ADAMW, 16);
      assertEquals(
          loss.getAsDouble(), trainer.accumulate(layout.batch(), 1, layout.inputs()).loss(), 1e-5);
      Map<String, float[]> gradients = new TreeMap<>();
      for (ParameterSpec spec : model.config().parameters()) {
        gradients.put(spec.name(), trainer.gradient(spec.name()));
      }
      assertGradient(model, naive, loss, gradients);
    }
  }

  private static double tokenLoss(
      double now, Document document, int t, KlEstimator estimator, double beta) {
    double ratio = Math.exp(now - document.inputs().get("old_logp")[t]);
    double a = document.inputs().get("advantage")[t];
    double surrogate = Math.min(ratio * a, Math.max(0.8, Math.min(1.28, ratio)) * a);
    if (beta == 0) {
      return -surrogate;
    }
    double d = now - document.inputs().get("reference_logp")[t];
    double kl =
        switch (estimator) {
          case K1 -> d;
          case K2 -> d * d / 2;
          case K3 -> Math.exp(-d) + d - 1;
        };
    return -surrogate + beta * kl;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05})
  void updatesFollowAdamWithDecayOnMatricesOnly(double clipNorm) {
    SmallModel model = SmallModel.TIED;
    Layout layout = Layout.padded(documents(model.sizes().vocab()), 0, model.sizes().vocab(), 1);
    List<ParameterSpec> specs = model.config().parameters();
    try (Program program = model.program(Lowering.INLINE)) {
      Trainer trainer = trainer(program, 64);
      NaiveAdamW naive = new NaiveAdamW(0.9, 0.95, 1e-8, clipNorm == 0 ? 1e9 : clipNorm);
      double[][] p = new double[specs.size()][];
      double[] decay = new double[specs.size()];
      for (int i = 0; i < specs.size(); i++) {
        p[i] = doubles(program.get(specs.get(i).name()));
        decay[i] = specs.get(i).kind().decays() ? 0.1 : 0;
      }
      for (int step = 0; step < 3; step++) {
        trainer.accumulate(layout.batch(), 1, layout.inputs());
        double[][] g = new double[specs.size()][];
        for (int i = 0; i < specs.size(); i++) {
          g[i] = doubles(trainer.gradient(specs.get(i).name()));
        }
        assertEquals(NaiveAdamW.globalNorm(g), trainer.step(0.01, clipNorm).gradientNorm(), 1e-5);
        naive.step(p, g, 0.01, decay);
        for (int i = 0; i < specs.size(); i++) {
          assertArrayEquals(
              p[i], doubles(program.get(specs.get(i).name())), 3e-5, specs.get(i).name());
        }
      }
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Test
  void aGradientThatIsNotFiniteChangesNothing() {
    SmallModel model = SmallModel.UNTIED;
    Layout good = Layout.padded(documents(model.sizes().vocab()), 0, model.sizes().vocab(), 1);
    float[] infinite = good.batch().weights().clone();
    infinite[5] = Float.POSITIVE_INFINITY;
    TokenBatch g = good.batch();
    TokenBatch bad =
        new TokenBatch(
            g.rows(), g.length(), g.ids(), g.targets(), g.positions(), g.segments(), infinite);
    try (Program program = model.program(Lowering.INLINE)) {
      Trainer trainer = trainer(program, 64);
      trainer.accumulate(g, 1, Map.of());
      assertTrue(trainer.step(0.01, 1).applied());
      Map<String, float[]> before = program.snapshot();
      float[] moment = program.get(trainer.moments().first(), "model.norm.weight");
      trainer.accumulate(bad, 1, Map.of());
      assertFalse(trainer.step(0.01, 1).applied());
      before.forEach((name, values) -> assertArrayEquals(values, program.get(name), name));
      assertArrayEquals(moment, program.get(trainer.moments().first(), "model.norm.weight"));
      assertEquals(1, trainer.steps());
      trainer.accumulate(g, 1, Map.of());
      assertTrue(trainer.step(0.01, 1).applied());
    }
  }

  @Test
  void xlaTrainsAsTheExecutorDoes() {
    SmallModel model = SmallModel.TIED;
    Layout layout = Layout.padded(documents(model.sizes().vocab()), 1, model.sizes().vocab(), 1);
    float[][] losses = new float[2][6];
    for (Lowering lowering : Lowering.values()) {
      try (Program program = model.program(lowering)) {
        Trainer trainer = trainer(program, 16);
        for (int step = 0; step < 6; step++) {
          losses[lowering == Lowering.XLA ? 1 : 0][step] =
              trainer.accumulate(layout.batch(), 1, layout.inputs()).loss();
          trainer.step(0.01, 1);
        }
      }
    }
    assertArrayEquals(losses[0], losses[1], 1e-4f);
    assertTrue(losses[0][5] < losses[0][0], "it learns");
  }

  @Test
  void tokensOutsideTheVocabularyAreNamed() {
    SmallModel model = SmallModel.TIED;
    try (Program program = model.program(Lowering.INLINE)) {
      int[] ids = {1, 2, 3, 99};
      TokenBatch batch =
          new TokenBatch(2, 2, ids, new int[4], new int[4], new int[4], new float[4]);
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> trainer(program, 4).accumulate(batch, 1, Map.of()));
      assertTrue(e.getMessage().contains("99 at row 1, position 1"), e.getMessage());
    }
  }

  @Test
  void weightsAndMomentsSurviveABundleBitForBit(@TempDir Path folder) {
    SmallModel model = SmallModel.UNTIED;
    Layout layout = Layout.padded(documents(model.sizes().vocab()), 0, model.sizes().vocab(), 1);
    try (Program one = model.program(Lowering.INLINE);
        Program two = new Program(model.config(), Program.Options.defaults())) {
      Trainer first = trainer(one, 64);
      first.accumulate(layout.batch(), 1, Map.of());
      first.step(0.01, 1);
      Bundle.of(first).save(folder.resolve("tensors"));
      Trainer second = trainer(two, 64);
      Bundle.of(second).restore(folder.resolve("tensors"));
      second.resumeAt(first.steps());
      for (Trainer trainer : List.of(first, second)) {
        trainer.accumulate(layout.batch(), 1, Map.of());
        trainer.step(0.01, 1);
      }
      one.snapshot().forEach((name, values) -> assertArrayEquals(values, two.get(name), name));
    }
  }
}
