package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.etalon.graph.loss.ClippedSurrogate;
import org.etalon.graph.loss.KlEstimator;
import org.etalon.graph.optim.AdamW;
import org.junit.jupiter.api.Test;

/** One batch of the signal phase in different forms gives one loss and one gradient. */
class MgpoFormsTest {
  private static final SmallModel MODEL = SmallModel.UNTIED;
  private static final int VOCABULARY = MODEL.sizes().vocab();
  private static final double TEMPERATURE = 0.9;
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0);
  private static final List<Document> DOCUMENTS = documents();

  @Test
  void packedPaddedSplitAndUnpackedFormsAgreeWeightByWeight() {
    Form packed = form(1000, List.of(Layout.of(rows(), 21, VOCABULARY, 1)));
    assertSame(packed, form(4, List.of(Layout.of(rows(), 24, VOCABULARY, 2))), "chunks of 4");
    assertSame(packed, form(7, List.of(Layout.padded(DOCUMENTS, 3, VOCABULARY, 3))), "padded");
    List<Layout> split =
        List.of(
            Layout.padded(DOCUMENTS.subList(0, 2), 0, VOCABULARY, 4),
            Layout.of(List.of(DOCUMENTS.subList(2, 5)), 25, VOCABULARY, 5));
    assertSame(packed, form(9, split), "split");
    assertSame(packed, form(9, Layout.unpacked(DOCUMENTS, VOCABULARY)), "unpacked");
  }

  @Test
  void whatPaddingAndPromptsBringChangesNothing() {
    Layout clean = Layout.of(rows(), 21, VOCABULARY, 1);
    Layout dirty = Layout.of(rows(), 21, VOCABULARY, 2);
    float[] weights = dirty.batch().weights();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == 0) {
        dirty.inputs().get("old_logp")[i] = Float.NEGATIVE_INFINITY;
        dirty.inputs().get("advantage")[i] = Float.NaN;
        dirty.inputs().get("reference_logp")[i] = Float.POSITIVE_INFINITY;
      }
    }
    Form expected = form(8, List.of(clean));
    Form actual = form(8, List.of(dirty));
    assertEquals(expected.loss, actual.loss);
    expected
        .gradient
        .values()
        .forEach((name, g) -> assertArrayEquals(g, actual.gradient.values().get(name), name));
  }

  /** Advantages of one sign, so that the loss does not cancel and its relative error is small. */
  private static List<Document> documents() {
    Random random = new Random(31);
    List<Document> documents = new ArrayList<>();
    for (int length : new int[] {5, 9, 4, 12, 7}) {
      float[] weights = new float[length - 1];
      float[] old = new float[length - 1];
      float[] advantage = new float[length - 1];
      float[] reference = new float[length - 1];
      for (int t = 0; t < length - 1; t++) {
        weights[t] = t < 2 ? 0 : 1f / (5 * (length - 3));
        old[t] = (float) (-4 + random.nextGaussian());
        reference[t] = (float) (-4 + random.nextGaussian());
        advantage[t] = -0.5f - length / 10f;
      }
      documents.add(
          Document.random(random, VOCABULARY, length)
              .weighing(weights)
              .with("old_logp", old)
              .with("advantage", advantage)
              .with("reference_logp", reference));
    }
    return documents;
  }

  private static List<List<Document>> rows() {
    return List.of(DOCUMENTS.subList(0, 2), DOCUMENTS.subList(2, 4), DOCUMENTS.subList(4, 5));
  }

  private record Form(double loss, Gradient gradient) {}

  private static Form form(int headChunk, List<Layout> layouts) {
    var objective = new ClippedSurrogate(0.2f, 0.28f, 0.05f, KlEstimator.K3);
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Trainer trainer = new Trainer(program, objective, ADAM, headChunk);
      double loss = 0;
      for (Layout layout : layouts) {
        loss += trainer.accumulate(layout.batch(), TEMPERATURE, layout.inputs()).loss();
      }
      return new Form(loss, Gradient.of(trainer, program.config()));
    }
  }

  private static void assertSame(Form expected, Form actual, String what) {
    assertEquals(expected.loss, actual.loss, 1e-6 * Math.abs(expected.loss), what);
    expected
        .gradient
        .values()
        .forEach(
            (name, g) -> {
              Gradient one = new Gradient(Map.of(name, actual.gradient.values().get(name)));
              double distance = one.distanceFrom(new Gradient(Map.of(name, g)));
              assertTrue(distance < 1e-6, what + ": " + name + " differs by " + distance);
            });
  }
}
