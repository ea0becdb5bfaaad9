package org.etalon.graph.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.etalon.graph.Architecture;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.RopeScaling;
import org.etalon.graph.WeightType;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.program.AttentionForm;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryModelTest {
  /** Qwen2.5-1.5B: 1,543,714,304 parameters. */
  private static final ModelConfig QWEN_1_5B =
      ModelConfig.qwen2(151_936, 1536, 8960, 28, 12, 2, 128, 1e6, 1e-6, true, 131_072);

  /** SmolLM2-135M. */
  private static final ModelConfig SMOLLM2_135M =
      new ModelConfig(
          Architecture.LLAMA,
          49_152,
          576,
          1536,
          30,
          9,
          3,
          64,
          1e5,
          new RopeScaling.None(),
          1e-5,
          true,
          8192);

  /** 107M parameters, a small vocabulary. */
  private static final ModelConfig DEEP =
      ModelConfig.qwen2(1400, 576, 1536, 30, 9, 3, 64, 1e5, 1e-6, true, 8192);

  /** Libraries, and about 1 GB of Java's heap of up to 2 GB. */
  private static final long PROCESS = 1_400_000_000;

  private static MemoryModel plain(ModelConfig config) {
    return new MemoryModel(config, ExecutionOptions.defaults());
  }

  private static MemoryModel rounded(ModelConfig config) {
    return new MemoryModel(config, ExecutionOptions.defaults().withProducts(WeightType.BFLOAT16));
  }

  @Test
  void theStateOf1Point5BParametersIs24Point7And27Point8Gigabytes() {
    assertEquals(24.7e9, state(plain(QWEN_1_5B)), 5e7);
    assertEquals(27.8e9, state(rounded(QWEN_1_5B)), 5e7);
  }

  private static double state(MemoryModel model) {
    return (double) model.weights().plus(model.optimizer()).total();
  }

  @Test
  void aCacheOfBfloat16Takes28672BytesAToken() {
    var one = new DecodeShape(1, 1000, 1, 100);
    assertEquals(28_672L * 1000, rounded(QWEN_1_5B).cache(one).total());
    assertEquals(2L * 28_672 * 1000, plain(QWEN_1_5B).cache(one).total());
    assertEquals(8 * plain(QWEN_1_5B).cache(one).cache(), cacheOf(7), "slots are rounded up to 8");
  }

  private static long cacheOf(int slots) {
    return plain(QWEN_1_5B).cache(new DecodeShape(slots, 1000, 1, 100)).cache();
  }

  /** Kept by a layer as a whole: 0.086 MB a token are bfloat16; the stream here is float32. */
  @Test
  void fullRecomputationKeepsTwice86KilobytesAToken() {
    var layer =
        LayerMemory.of(QWEN_1_5B, WeightType.BFLOAT16, Lowering.XLA, Recompute.FULL, true, 32_768);
    assertEquals(2 * 0.086e6, 28.0 * layer.kept(), 1e3);
  }

  @Test
  void eachChoiceKeepsLessThanTheOneBefore() {
    for (Lowering lowering : Lowering.values()) {
      eachChoiceKeepsLess(lowering);
    }
  }

  private static void eachChoiceKeepsLess(Lowering lowering) {
    for (WeightType products : WeightType.values()) {
      long before = Long.MAX_VALUE;
      for (Recompute recompute : Recompute.values()) {
        long kept = LayerMemory.of(QWEN_1_5B, products, lowering, recompute, true, 4096).kept();
        assertTrue(kept < before, recompute + " keeps " + kept + ", the one before " + before);
        before = kept;
      }
    }
  }

  @Test
  void inBlocksMemoryGrowsWithTheLengthInFullWithItsSquare() {
    assertEquals(2, growth(512), 0.1);
    assertTrue(growth(0) > 3.5, () -> "grew by " + growth(0));
  }

  private static double growth(int block) {
    var options = ExecutionOptions.defaults().withAttentionBlock(block);
    var model = new MemoryModel(DEEP, options);
    return (double) activations(model, 16_384) / activations(model, 8192);
  }

  private static long activations(MemoryModel model, int length) {
    return model.pass(new TrainShape(1, length, 512, Recompute.NONE)).activations();
  }

  @Test
  void longPromptsAttendInBlocksAsRowsDo() {
    assertEquals(2, prefillGrowth(256), 0.1);
    assertTrue(prefillGrowth(0) > 3, () -> "grew by " + prefillGrowth(0));
  }

  private static double prefillGrowth(int block) {
    var model = new MemoryModel(DEEP, ExecutionOptions.defaults().withAttentionBlock(block));
    return (double) model.decode(new DecodeShape(8, 8192, 8, 8192)).total()
        / model.decode(new DecodeShape(8, 8192, 8, 4096)).total();
  }

  @Test
  void attentionInFullIsCountedWhereItIsAskedFor() {
    var shape = new TrainShape(1, 4096, 512, Recompute.NONE);
    var options = ExecutionOptions.defaults();
    var never = new MemoryModel(DEEP, options.withAttentionBlock(0));
    var full = new MemoryModel(DEEP, options.withAttention(AttentionForm.FULL));
    assertEquals(never.pass(shape), full.pass(shape));
    var brief = new TrainShape(1, 200, 512, Recompute.NONE);
    var blocks = new MemoryModel(DEEP, options.withAttention(AttentionForm.BLOCKS));
    assertNotEquals(full.pass(brief), blocks.pass(brief));
    assertEquals(full.pass(brief), new MemoryModel(DEEP, options).pass(brief));
  }

  @Test
  void piecesHoldOfTheHeadOnlyLogitsAndTheirGradient() {
    var options = ExecutionOptions.defaults().withProducts(WeightType.BFLOAT16);
    var pieces =
        new MemoryModel(
            QWEN_1_5B, new ExecutionOptions(Lowering.PIECES, 0).withProducts(WeightType.BFLOAT16));
    var shape = new TrainShape(1, 8192, 8192, Recompute.FULL);
    double logits = 8192.0 * 151_936;
    double less =
        new MemoryModel(QWEN_1_5B, options).score(shape).workspace()
            - pieces.score(shape).workspace();
    assertEquals(1.12 * 12 * logits, less, 0.01 * logits, "12 bytes less a logit, and gaps");
  }

  @Test
  void whatACompiledFunctionHandsOutStandsBesideWhatItWasGiven() {
    var options = new ExecutionOptions(Lowering.XLA, 0);
    var compiled = new MemoryModel(QWEN_1_5B, options);
    var shape = new TrainShape(1, 2048, 1024, Recompute.FULL);
    double gradients = 4.0 * 1_543_714_304;
    double more = compiled.pass(shape).total() - plain(QWEN_1_5B).pass(shape).total();
    assertEquals(gradients, more, 0.15 * gradients);
    var decode = new DecodeShape(8, 4096, 2, 512);
    assertTrue(compiled.decode(decode).total() > plain(QWEN_1_5B).decode(decode).total());
  }

  /**
   * Peak resident gigabytes of real steps on two cores (AMD EPYC with AVX512-BF16), one row of one
   * document: {@code etalon bench train --shape smollm2-135m --rounds 1 --warmup 0 --ceiling 0
   * --context T --products P --xla X --recompute R}.
   */
  @ParameterizedTest
  @CsvSource({
    "2048, BFLOAT16, PIECES, none, 6.47",
    "2048, BFLOAT16, PIECES, selective, 5.86",
    "2048, BFLOAT16, PIECES, full, 4.77",
    "1024, FLOAT32, INLINE, none, 5.92",
    "1024, FLOAT32, PIECES, none, 5.72"
  })
  void realRunsAreMetWithinAFifth(
      int length, WeightType products, Lowering lowering, String recompute, double peak) {
    var options = new ExecutionOptions(lowering, 0).withProducts(products);
    var memory = new MemoryModel(SMOLLM2_135M, options);
    var shape = new TrainShape(1, length, 512, Recompute.of(recompute));
    Memory predicted =
        memory
            .weights()
            .plus(memory.optimizer())
            .plus(memory.pass(shape).max(memory.update()))
            .plus(memory.nodes())
            .withProcess(PROCESS);
    assertEquals(peak, predicted.total() / 1e9, 0.2 * peak, predicted.toString());
  }

  @Test
  void badShapesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new TrainShape(0, 1, 1, Recompute.NONE));
    assertThrows(IllegalArgumentException.class, () -> new DecodeShape(1, 0, 1, 1));
  }
}
