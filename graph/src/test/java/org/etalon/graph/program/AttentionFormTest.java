package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.etalon.graph.WeightType;
import org.etalon.graph.loss.CrossEntropy;
import org.etalon.graph.model.Attend;
import org.etalon.graph.model.Documents;
import org.etalon.graph.model.FlashAttention;
import org.etalon.graph.model.RangeAttention;
import org.etalon.graph.optim.AdamW;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.types.TInt32;

class AttentionFormTest {
  private static final SmallModel MODEL = SmallModel.TIED;
  private static final ExecutionOptions OPTIONS =
      new ExecutionOptions(Lowering.INLINE, 1).withAttentionBlock(8);

  private static Attend attend(Program program, int length, boolean several) {
    var segments = Bucket.placeholder(program.ops(), TInt32.class, 1, length);
    return program.attend(
        program.ops(), Documents.apart(segments), new BatchForm(1, length, several, false));
  }

  @ParameterizedTest
  @CsvSource({
    "INLINE, AUTO, 8, FullAttention",
    "INLINE, AUTO, 9, RangeAttention",
    "PIECES, AUTO, 9, RangeAttention",
    "XLA, AUTO, 9, BlockAttention",
    "XLA, FULL, 9, FullAttention",
    "XLA, BLOCKS, 3, BlockAttention",
    "INLINE, BLOCKS, 3, RangeAttention"
  })
  void theFormSettlesHowRowsAttend(
      Lowering lowering, AttentionForm form, int length, String expected) {
    var options = new ExecutionOptions(lowering, 1).withAttentionBlock(8).withAttention(form);
    try (Program program = new Program(MODEL.config(), options)) {
      assertEquals(expected, attend(program, length, false).getClass().getSimpleName());
    }
  }

  @Test
  void cudnnTakesRowsOfOneDocumentOnly() {
    try (Program program = new Program(MODEL.config(), OPTIONS, OPTIONS.device(), true)) {
      assertInstanceOf(FlashAttention.class, attend(program, 9, false));
      assertInstanceOf(RangeAttention.class, attend(program, 9, true));
    }
  }

  @Test
  void aRowCountsOneDocumentWhereNothingBehindTheFirstCounts() {
    int[] ids = new int[8];
    int[] padded = {1, 1, 1, 0, 1, 1, 1, 1};
    int[] packed = {1, 1, 2, 0, 1, 1, 1, 1};
    float[] weights = {1, 1, 0, 0, 1, 1, 1, 0};
    float[] more = {1, 1, 1, 0, 1, 1, 1, 0};
    assertTrue(new TokenBatch(2, 4, ids, ids, ids, padded, weights).countsOneDocumentARow());
    assertTrue(new TokenBatch(2, 4, ids, ids, ids, packed, weights).countsOneDocumentARow());
    assertFalse(new TokenBatch(2, 4, ids, ids, ids, packed, more).countsOneDocumentARow());
  }

  /** Where cuDNN was chosen, packed rows still train, and give what they gave before. */
  @Test
  void packedRowsTrainWithoutCudnnAllTheSame() {
    Layout layout = SftBatch.random(MODEL.sizes().vocab(), 11).packed(1);
    var options = new ExecutionOptions(Lowering.XLA, 1).withAttentionBlock(5);
    float[] losses = new float[2];
    for (int i = 0; i < 2; i++) {
      try (Program program = new Program(MODEL.config(), options, options.device(), i == 1)) {
        program.load(MODEL.weights());
        var trainer = new Trainer(program, new CrossEntropy(), new AdamW(0.9, 0.99, 1e-8, 0.1), 8);
        losses[i] = trainer.accumulate(layout.batch(), 1, Map.of()).loss();
      }
    }
    assertTrue(losses[0] > 1, "a loss of an untrained model");
    assertEquals(losses[0], losses[1]);
  }

  @Test
  void whatStandsInTheWayOfCudnnIsNamed() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Program(MODEL.config(), OPTIONS.withAttention(AttentionForm.FLASH)).close());
    assertTrue(error.getMessage().contains("set device: gpu"), error.getMessage());
    Device gpu = new Device(Device.Kind.GPU, 0, 0, true, true);
    var xla = new ExecutionOptions(Lowering.XLA, 1).withAttention(AttentionForm.FLASH);
    assertTrue(refusal(OPTIONS.withAttention(AttentionForm.FLASH), gpu).contains("xla: on"));
    assertTrue(refusal(xla, gpu).contains("products: bfloat16"));
    // Heads of 6 numbers.
    assertTrue(refusal(xla.withProducts(WeightType.BFLOAT16), gpu).contains("a multiple of 8"));
  }

  private static String refusal(ExecutionOptions options, Device device) {
    return assertThrows(
            IllegalArgumentException.class, () -> FlashChoice.of(MODEL.config(), options, device))
        .getMessage();
  }

  @Test
  void headsThatCudnnTakes() {
    for (int headDim : List.of(8, 64, 128)) {
      assertTrue(FlashAttention.unsupported(headDim).isEmpty());
    }
    for (int headDim : List.of(12, 136, 256)) {
      assertTrue(FlashAttention.unsupported(headDim).isPresent());
    }
  }

  @Test
  void attentionInBlocksNeedsABlock() {
    var none = OPTIONS.withAttentionBlock(0);
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> none.withAttention(AttentionForm.BLOCKS));
    assertTrue(error.getMessage().contains("attentionBlock"));
  }
}
