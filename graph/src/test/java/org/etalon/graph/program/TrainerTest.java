package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.oracle.FiniteDifferences;
import org.etalon.graph.oracle.NaiveTransformer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0.1);

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sftLossAndGradientAgreeWithTheNaiveTransformer(boolean tied) {
    SmallModel model = tied ? SmallModel.TIED : SmallModel.UNTIED;
    SftBatch batch = SftBatch.random(model.sizes().vocab(), 3);
    NaiveTransformer naive = model.naive();
    try (Program program = model.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, new CrossEntropy(), ADAM, 8);
      float loss = trainer.accumulate(batch.packed(1).batch(), 1, Map.of()).loss();
      assertEquals(batch.naiveLoss(naive), loss, 1e-5);
      Gradient gradient = Gradient.of(trainer, program.config());
      Random random = new Random(9);
      for (String name : gradient.values().keySet()) {
        float[] actual = gradient.values().get(name);
        int[] at = {
          gradient.steepest(name), random.nextInt(actual.length), random.nextInt(actual.length)
        };
        double[] expected =
            FiniteDifferences.inPlace(
                () -> batch.naiveLoss(naive), naive.parameter(name), 1e-5, at);
        for (int i = 0; i < at.length; i++) {
          String where = name + "[" + at[i] + "]";
          assertEquals(expected[i], actual[at[i]], 1e-6 + 1e-5 * Math.abs(expected[i]), where);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void formsOfOneBatchHaveOneLossAndOneGradient(boolean tied) {
    SmallModel model = tied ? SmallModel.TIED : SmallModel.UNTIED;
    int vocabulary = model.sizes().vocab();
    SftBatch batch = SftBatch.random(vocabulary, 4);
    List<List<Document>> rows = batch.packedRows();
    List<Document> documents = batch.documents();
    Form packed = form(model, 1000, List.of(batch.packed(1)));
    assertSame(packed, form(model, 5, List.of(batch.packed(1))), "head chunks of 5");
    assertSame(packed, form(model, 7, List.of(Layout.padded(documents, 3, vocabulary, 2))), "pad");
    assertSame(packed, form(model, 1000, Layout.unpacked(documents, vocabulary)), "unpacked");
    List<Layout> firstAlone =
        List.of(
            Layout.of(rows.subList(0, 1), 11, vocabulary, 3),
            Layout.of(rows.subList(1, 3), 15, vocabulary, 4));
    assertSame(packed, form(model, 6, firstAlone), "1 + 2 rows");
    List<Layout> lastAlone =
        List.of(
            Layout.of(rows.subList(0, 2), 13, vocabulary, 5),
            Layout.of(rows.subList(2, 3), 13, vocabulary, 6));
    assertSame(packed, form(model, 1000, lastAlone), "2 + 1 rows");
  }

  @Test
  void paddingChangesNothing() {
    SftBatch batch = SftBatch.random(SmallModel.TIED.sizes().vocab(), 5);
    Form one = form(SmallModel.TIED, 6, List.of(batch.packed(1)));
    Form other = form(SmallModel.TIED, 6, List.of(batch.packed(2)));
    assertEquals(one.loss, other.loss);
    one.gradient.values().forEach((k, v) -> assertArrayEquals(v, other.values(k), 0f, k));
  }

  @Test
  void scoresOfTheBackwardPassAreTheScorers() {
    SftBatch batch = SftBatch.random(SmallModel.TIED.sizes().vocab(), 6);
    try (Program program = SmallModel.TIED.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, new CrossEntropy(), ADAM, 8);
      Trainer.Outcome outcome = trainer.accumulate(batch.packed(1).batch(), 0.8, Map.of());
      Scorer.Scores scores = new Scorer(program, 8).score(batch.packed(1).batch(), 0.8);
      assertArrayEquals(scores.logps(), outcome.logps(), 1e-5f);
      assertArrayEquals(scores.entropies(), outcome.entropies(), 1e-5f);
    }
  }

  private record Form(double loss, Gradient gradient) {
    float[] values(String name) {
      return gradient.values().get(name);
    }
  }

  private static Form form(SmallModel model, int headChunk, List<Layout> layouts) {
    try (Program program = model.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, new CrossEntropy(), ADAM, headChunk);
      double loss = 0;
      for (Layout layout : layouts) {
        loss += trainer.accumulate(layout.batch(), 1, layout.inputs()).loss();
      }
      return new Form(loss, Gradient.of(trainer, program.config()));
    }
  }

  private static void assertSame(Form expected, Form actual, String what) {
    assertTrue(expected.loss > 1, "a loss of an untrained model, got " + expected.loss);
    assertEquals(expected.loss, actual.loss, 1e-6 * expected.loss, what);
    double distance = actual.gradient.distanceFrom(expected.gradient);
    assertTrue(distance < 1e-6, what + ": gradients differ by " + distance);
  }
}
