package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AttentionTrialTest {
  private static final Device CPU = Device.of(Device.Kind.CPU);

  private static AttentionTrial.Values values(
      Device device, Lowering lowering, AttentionForm form, AttentionTrial.Sizes sizes) {
    try (var trial = new AttentionTrial(device, lowering, form, sizes)) {
      return trial.run(7);
    }
  }

  @ParameterizedTest
  @EnumSource(Lowering.class)
  void blocksGiveWhatAttentionInFullGives(Lowering lowering) {
    var sizes = new AttentionTrial.Sizes(2, 13, 6, 2, 8);
    double distance =
        values(CPU, lowering, AttentionForm.BLOCKS, sizes)
            .distanceFrom(values(CPU, Lowering.INLINE, AttentionForm.FULL, sizes));
    assertTrue(distance < 2e-6, "distance " + distance);
  }

  @Test
  void distanceIsTheLargestOfTheFourAndNeverNotANumber() {
    float[] one = {1, 0};
    float[] other = {1, 0.5f};
    float[] lost = {Float.NaN, 0};
    var reference = new AttentionTrial.Values(one, one, one, one);
    assertEquals(
        0.5, new AttentionTrial.Values(one, one, other, one).distanceFrom(reference), 1e-12);
    assertEquals(
        Double.POSITIVE_INFINITY,
        new AttentionTrial.Values(one, one, one, lost).distanceFrom(reference));
  }

  @Test
  void aTrialNeedsAForm() {
    var sizes = new AttentionTrial.Sizes(1, 4, 2, 2, 8);
    assertThrows(
        IllegalArgumentException.class,
        () -> new AttentionTrial(CPU, Lowering.INLINE, AttentionForm.AUTO, sizes).close());
  }

  /**
   * Heads of VibeThinker's base, of SmolLM2 and of the demonstration; short, odd, and long rows.
   */
  @Tag("gpu")
  @ParameterizedTest
  @CsvSource({"1, 2048, 12, 2, 128", "2, 1000, 9, 3, 64", "3, 77, 4, 2, 32"})
  void cudnnGivesWhatFloat32Gives(int rows, int length, int heads, int kvHeads, int headDim) {
    var sizes = new AttentionTrial.Sizes(rows, length, heads, kvHeads, headDim);
    double distance =
        values(Device.of(Device.Kind.GPU), Lowering.XLA, AttentionForm.FLASH, sizes)
            .distanceFrom(values(CPU, Lowering.INLINE, AttentionForm.FULL, sizes));
    assertTrue(distance < 1e-2, "distance " + distance);
  }
}
