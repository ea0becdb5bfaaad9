package org.etalon.training.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.etalon.data.DataException;
import org.etalon.graph.WeightType;
import org.junit.jupiter.api.Test;

/** The numbers are those of the models' cards and of the design's limits for the 1.5B model. */
class FlopsTest {
  private static final Flops BIG = new Flops(NamedShapes.of("qwen2.5-1.5b"));

  @Test
  void shapesHaveTheirPublishedSizes() {
    assertEquals(134_515_008, NamedShapes.of("smollm2-135m").parameterCount());
    assertEquals(361_821_120, NamedShapes.of("smollm2-360m").parameterCount());
    assertEquals(494_032_768, NamedShapes.of("qwen2.5-0.5b").parameterCount());
    assertEquals(1_543_714_304, NamedShapes.of("qwen2.5-1.5b").parameterCount());
    var e = assertThrows(DataException.class, () -> NamedShapes.of("qwen3"));
    assertTrue(e.getMessage().contains("expected tiny, smollm2-135m"), e.getMessage());
  }

  @Test
  void trainingOfTheBigModelIsALinePerToken() {
    assertEquals(1_543_569_408, BIG.multiplied());
    for (int tokens : new int[] {1, 2048, 32_768}) {
      double perToken = BIG.training(tokens) / tokens;
      assertEquals(9_261_416_448.0 + 258_048.0 * tokens, perToken, 1);
    }
  }

  @Test
  void attentionTakesTwiceItsShareWhereOnlyMatricesAreRounded() {
    assertEquals(BIG.training(2048), BIG.trainingCost(2048, WeightType.FLOAT32));
    double more = BIG.trainingCost(2048, WeightType.BFLOAT16) - BIG.training(2048);
    assertEquals(258_048.0 * 2048 * 2048, more, 1);
  }

  @Test
  void decodingATokenIsOneColumnOfAForwardPass() {
    int tokens = 64;
    double sum = 0;
    for (int context = 1; context <= tokens; context++) {
      sum += BIG.decoding(context);
    }
    // The sum counts the diagonal whole, T²/2 counts half of it.
    double diagonal = 2.0 * 28 * 12 * 128 * tokens;
    assertEquals(BIG.forward(tokens) + diagonal, sum, 1e-9 * sum);
  }

  @Test
  void keysAndValuesOfTheBigModelTake28KiBAPosition() {
    var traffic = new Traffic(BIG.config(), WeightType.BFLOAT16);
    assertEquals(28_672, traffic.keyValues());
    assertEquals(2.0 * BIG.multiplied(), traffic.weights());
    assertEquals(57_344, new Traffic(BIG.config(), WeightType.FLOAT32).keyValues());
  }
}
