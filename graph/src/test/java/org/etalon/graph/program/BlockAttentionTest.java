package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention block by block gives what attention in full gives: loss, scores and gradient. */
class BlockAttentionTest {
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0.1);

  @ParameterizedTest
  @CsvSource({
    "INLINE, NONE, TIED, 4", // 14 positions: the last block is padded
    "INLINE, SELECTIVE, UNTIED, 7",
    "INLINE, FULL, TIED, 5",
    "INLINE, NONE, UNTIED, 1",
    "PIECES, NONE, UNTIED, 4",
    "PIECES, SELECTIVE, TIED, 5",
    "PIECES, FULL, TIED, 14",
    "XLA, FULL, TIED, 4"
  })
  void packedDocumentsHaveTheSameLossAndGradient(
      Lowering lowering, Recompute recompute, String name, int block) {
    SmallModel model = SmallModel.named(name);
    Layout layout = SftBatch.random(model.sizes().vocab(), 11).packed(1);
    assertSame(
        step(model, new ExecutionOptions(Lowering.INLINE, 1), Recompute.NONE, layout, 0),
        step(model, new ExecutionOptions(lowering, 1), recompute, layout, block));
  }

  /** Documents that end in the middle of a block, at its end, and cover several blocks. */
  @ParameterizedTest
  @ValueSource(ints = {8, 24})
  void longRowsOfDocumentsOfAllLengthsHaveTheSameLossAndGradient(int block) {
    SmallModel model = SmallModel.TIED;
    Random random = new Random(5);
    List<List<Document>> rows = new ArrayList<>();
    for (int[] lengths : new int[][] {{8, 16, 3, 33}, {60}, {1, 1, 30, 8, 19}}) {
      List<Document> row = new ArrayList<>();
      for (int length : lengths) {
        float[] weights = new float[length];
        Arrays.fill(weights, 1f / 180);
        row.add(Document.random(random, model.sizes().vocab(), length + 1).weighing(weights));
      }
      rows.add(row);
    }
    Layout layout = Layout.of(rows, 64, model.sizes().vocab(), 3);
    ExecutionOptions options = new ExecutionOptions(Lowering.INLINE, 1);
    assertSame(
        step(model, options, Recompute.NONE, layout, 0),
        step(model, options, Recompute.NONE, layout, block));
  }

  private record Step(Trainer.Outcome outcome, Gradient gradient, Scorer.Scores scores) {}

  private static Step step(
      SmallModel model, ExecutionOptions options, Recompute recompute, Layout layout, int block) {
    try (Program program = model.program(options.withAttentionBlock(block))) {
      Trainer trainer = new Trainer(program, new CrossEntropy(), ADAM, 8, recompute);
      Trainer.Outcome outcome = trainer.accumulate(layout.batch(), 1, Map.of());
      return new Step(
          outcome,
          Gradient.of(trainer, program.config()),
          new Scorer(program, 8).score(layout.batch(), 1));
    }
  }

  private static void assertSame(Step full, Step blocks) {
    assertTrue(full.outcome.loss() > 1, "a loss of an untrained model");
    assertEquals(full.outcome.loss(), blocks.outcome.loss(), 1e-6 * full.outcome.loss());
    assertArrayEquals(full.scores.logps(), blocks.scores.logps(), 1e-5f);
    double distance = blocks.gradient.distanceFrom(full.gradient);
    assertTrue(distance < 2e-6, "gradients differ by " + distance);
  }
}
