package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrefillInputTest {
  private static final SmallModel MODEL = SmallModel.TIED;

  /** XLA's gather would clamp a wrong id, and a long prompt would spill into the next row. */
  @ParameterizedTest
  @EnumSource(Lowering.class)
  void promptsThatWouldBeReadWronglyAreNamed(Lowering lowering) {
    try (Program program = MODEL.program(lowering)) {
      Decoder decoder = new Decoder(program, 2, 9, 2, 4);
      assertEquals(
          "token id 43 at position 1 of prompt 1 is outside the vocabulary of 43; "
              + "use the model's own tokenizer",
          refusal(decoder, new int[] {42}, new int[] {0, 43}));
      assertEquals(
          "token id -1 at position 0 of prompt 0 is outside the vocabulary of 43; "
              + "use the model's own tokenizer",
          refusal(decoder, new int[] {-1}, new int[] {0}));
      String lengths = " tokens but 1 to 4 are allowed; shorten it or set a larger window";
      assertEquals(
          "prompt 0 has 5" + lengths, refusal(decoder, new int[] {1, 2, 3, 4, 5}, new int[] {6}));
      assertEquals("prompt 1 has 0" + lengths, refusal(decoder, new int[] {1}, new int[0]));
    }
  }

  @ParameterizedTest
  @EnumSource(Lowering.class)
  void aLongNeighbourDoesNotChangeAPrompt(Lowering lowering) {
    try (Program program = MODEL.program(lowering)) {
      Decoder decoder = new Decoder(program, 2, 9, 2, 4);
      var alone = prefill(decoder, List.of(new int[] {7}), new int[] {0});
      var beside = prefill(decoder, List.of(new int[] {7}, new int[] {9, 9, 1, 42}), new int[] {0});
      assertEquals(alone.tokens()[0], beside.tokens()[0]);
      assertArrayEquals(new float[] {alone.logps()[0]}, new float[] {beside.logps()[0]}, 1e-6f);
    }
  }

  private static SlotDecoder.Drawn prefill(Decoder decoder, List<int[]> prompts, int[] slots) {
    var fill = new SlotDecoder.Fill(new int[] {0}, slots, new long[] {5}, new long[] {0});
    return decoder.prefill(prompts, fill, Sampling.at(1, 3));
  }

  private static String refusal(Decoder decoder, int[]... prompts) {
    return assertThrows(
            IllegalArgumentException.class, () -> prefill(decoder, List.of(prompts), new int[] {1}))
        .getMessage();
  }
}
