package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Caches and prompts of 4, 8, 16 … positions, where a decoder of one length is the measure. */
class DecoderLengthsTest {
  private static final SmallModel MODEL = SmallModel.TIED;
  private static final int LEAST = 4;
  private static final int CAPACITY = 50;
  private static final int PROMPT = 20;
  private static final Sampling SAMPLING = Sampling.at(0.9, 4);

  @Test
  void lengthsAreDoublesOfTheLeastUpToTheMost() {
    Lengths lengths = new Lengths(256, 1500, 1);
    int[] needed = {1, 256, 257, 512, 513, 1024, 1025, 1500};
    int[] expected = {256, 256, 512, 512, 1024, 1024, 1500, 1500};
    assertArrayEquals(expected, Arrays.stream(needed).map(lengths::covering).toArray());
    assertEquals(100, new Lengths(256, 100, 1).covering(3));
    assertEquals(128, new Lengths(256, 100, 32).covering(3));
    assertEquals(Integer.MAX_VALUE, new Lengths(3, Integer.MAX_VALUE, 1).covering(1_700_000_000));
  }

  @ParameterizedTest
  @EnumSource(Lowering.class)
  void cachesThatGrowAndShrinkGiveTheNumbersOfWholeOnes(Lowering lowering) {
    List<Request> requests = requests(21);
    try (Program program = MODEL.program(lowering)) {
      Decoder whole = new Decoder(program, 5, CAPACITY, 3, PROMPT, CAPACITY);
      Decoder stepwise = new Decoder(program, 5, CAPACITY, 3, PROMPT, LEAST);
      List<Completion> expected = generate(whole, requests);
      assertEquals(CAPACITY, whole.heldPositions());
      List<Completion> actual = generate(stepwise, requests);
      assertClose(expected, actual);
      generate(stepwise, List.of(new Request(new int[] {1}, 0, 3)));
      assertEquals(LEAST, stepwise.heldPositions(), "short sequences do not pay for long ones");
    }
  }

  @Test
  void promptsAboveTheBlockOfAttentionArePrefilledInBlocks() {
    List<Request> requests = requests(13);
    var options = new ExecutionOptions(Lowering.INLINE, 1);
    try (Program full = MODEL.program(options.withAttentionBlock(0));
        Program blocks = MODEL.program(options.withAttentionBlock(6))) {
      List<Completion> expected =
          generate(new Decoder(full, 5, CAPACITY, 3, PROMPT, LEAST), requests);
      List<Completion> actual =
          generate(new Decoder(blocks, 5, CAPACITY, 3, PROMPT, LEAST), requests);
      assertClose(expected, actual);
    }
  }

  @Test
  void aPromptIsPaddedByItsOwnLengthWhateverIsBesideIt() {
    Request small = new Request(new int[] {3, 1, 4}, 9, 5);
    List<Request> mixed = new ArrayList<>(requests(12));
    mixed.add(3, small);
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Decoder decoder = new Decoder(program, 1, CAPACITY, 1, PROMPT, LEAST);
      assertEquals(4, decoder.padded(3));
      assertEquals(PROMPT, decoder.padded(PROMPT));
      Completion alone = generate(decoder, List.of(small)).get(0);
      Completion among = generate(decoder, mixed).get(3);
      assertArrayEquals(alone.ids(), among.ids());
      assertArrayEquals(alone.logps(), among.logps());
    }
  }

  @Test
  void whatReleasedCachesHeldIsGoneAndTheyCanBeFilledAgain() {
    List<Request> requests = requests(7);
    try (Program program = MODEL.program(Lowering.INLINE)) {
      Decoder decoder = new Decoder(program, 5, CAPACITY, 3, PROMPT, LEAST);
      List<Completion> first = generate(decoder, requests);
      decoder.release();
      assertEquals(0, decoder.heldPositions());
      int[] none = new int[decoder.slots()];
      var empty = new SlotDecoder.Slots(none, none, new long[8], new long[8], none);
      var until = new SlotDecoder.Until(1, 1, new int[0]);
      assertThrows(
          IllegalArgumentException.class, () -> decoder.run(empty, until, Sampling.greedy()));
      List<Completion> second = generate(decoder, requests);
      for (int i = 0; i < requests.size(); i++) {
        assertArrayEquals(first.get(i).logps(), second.get(i).logps(), "request " + i);
      }
    }
  }

  private static List<Completion> generate(Decoder decoder, List<Request> requests) {
    return new RolloutEngine(decoder, Set.of(7)).generate(requests, SAMPLING);
  }

  /** Kernels may add up rows of other lengths in another order. */
  private static void assertClose(List<Completion> expected, List<Completion> actual) {
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i).ids(), actual.get(i).ids(), "request " + i);
      assertArrayEquals(expected.get(i).logps(), actual.get(i).logps(), 1e-5f, "request " + i);
    }
  }

  /** Prompts of 1 to 20 tokens with responses of 1 to 30, the longest of which fill a slot. */
  private static List<Request> requests(int count) {
    Random random = new Random(5);
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = random.ints(1 + i * 7 % PROMPT, 0, MODEL.sizes().vocab()).toArray();
      requests.add(new Request(prompt, 40 + i, i % 5 == 0 ? 30 : 1 + i * 3 % 9));
    }
    return requests;
  }
}
