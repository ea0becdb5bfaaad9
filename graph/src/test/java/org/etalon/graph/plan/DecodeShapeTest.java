package org.etalon.graph.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.etalon.graph.ModelConfig;
import org.etalon.graph.program.Decoder;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Program;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.program.SlotDecoder;
import org.junit.jupiter.api.Test;

/** The plan's decoder is the real one. */
class DecodeShapeTest {
  private static final ModelConfig TINY =
      ModelConfig.qwen2(64, 16, 32, 1, 2, 1, 8, 1e4, 1e-6, true, 1024);

  private static final int CAPACITY = 700;
  private static final int PROMPT = 300;

  @Test
  void cachesHoldWhatIsPredictedAndNothingOnceReleased() {
    try (Program program = new Program(TINY, ExecutionOptions.defaults())) {
      program.initialize(1, 0.02);
      var decoder = new Decoder(program, 1, CAPACITY, 1, PROMPT);
      var sampling = Sampling.greedy();
      int[] zero = {0};
      var fill = new SlotDecoder.Fill(zero, zero, new long[1], new long[1]);
      decoder.prefill(List.of(new int[PROMPT]), fill, sampling);
      assertEquals(DecodeShape.held(PROMPT, CAPACITY), decoder.heldPositions());
      for (int needed : new int[] {20, 400, 513, CAPACITY}) {
        var slots =
            new SlotDecoder.Slots(
                zero, new int[] {needed - 1}, new long[1], new long[1], new int[] {1});
        decoder.run(slots, new SlotDecoder.Until(1, 1, new int[0]), sampling);
        assertEquals(DecodeShape.held(needed, CAPACITY), decoder.heldPositions(), "of " + needed);
      }
      decoder.release();
      assertEquals(0, decoder.heldPositions());
    }
  }

  @Test
  void slotsAndPromptsAreRoundedAlike() {
    try (Program program = new Program(TINY, ExecutionOptions.defaults())) {
      for (int slots : new int[] {1, 2, 8, 13}) {
        var decoder = new Decoder(program, slots, CAPACITY, slots, PROMPT);
        var shape = new DecodeShape(slots, CAPACITY, slots, PROMPT);
        assertEquals(decoder.slots(), shape.slots());
        assertEquals(decoder.prefillRows(), shape.prefillRows());
      }
    }
  }
}
