package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.etalon.graph.WeightType;
import org.etalon.graph.oracle.NaiveConfig;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One slot on a CPU with XLA: its steps are compiled as a whole. */
class RowStepTest {
  private static final Sampling SAMPLING = new Sampling(0.9, 20, 0.9, 3);

  static Stream<Arguments> modelsAndLowerings() {
    // Norms of q and k; widths of more than 32 numbers, with factors that are prime.
    SmallModel norms =
        new SmallModel(new NaiveConfig(43, 68, 74, 2, 6, 2, 6, 10_000, 1e-6, true, false, true));
    return Stream.of(
        Arguments.of(SmallModel.TIED, Lowering.PIECES),
        Arguments.of(SmallModel.UNTIED, Lowering.PIECES),
        Arguments.of(norms, Lowering.XLA));
  }

  @ParameterizedTest
  @MethodSource("modelsAndLowerings")
  void drawsAreThoseOfTheKernels(SmallModel model, Lowering lowering) {
    List<Completion> expected = completions(model, new ExecutionOptions(Lowering.INLINE, 1));
    List<Completion> actual = completions(model, new ExecutionOptions(lowering, 1));
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i).ids(), actual.get(i).ids());
      assertArrayEquals(expected.get(i).logps(), actual.get(i).logps(), 1e-5f);
    }
  }

  private static List<Completion> completions(SmallModel model, ExecutionOptions options) {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      requests.add(new Request(new int[] {i, 2 * i + 1, 5}, i, 6 + i));
    }
    try (Program program = model.program(options)) {
      return new RolloutEngine(new Decoder(program, 1, 13, 1, 5), Set.of())
          .generate(requests, SAMPLING);
    }
  }

  /** Three blocks, the last of them moved back to end with the cache. */
  @Test
  void blocksOfTheCacheAreTheWholeOfIt() {
    Request request = new Request(new int[] {3, 1, 4}, 0, 560);
    List<Completion> completions = new ArrayList<>();
    for (Lowering lowering : List.of(Lowering.INLINE, Lowering.PIECES)) {
      try (Program program = SmallModel.TIED.program(new ExecutionOptions(lowering, 1))) {
        Decoder decoder = new Decoder(program, 1, 570, 1, 8);
        completions.addAll(
            new RolloutEngine(decoder, Set.of()).generate(List.of(request), SAMPLING));
      }
    }
    assertArrayEquals(completions.get(0).ids(), completions.get(1).ids());
    assertArrayEquals(completions.get(0).logps(), completions.get(1).logps(), 1e-5f);
  }

  /** What a run leaves in the caches is what the next one would have had itself. */
  @Test
  void runsOfManyTokensAndOfOneAreTheSameInBfloat16() {
    var options = new ExecutionOptions(Lowering.PIECES, 1).withProducts(WeightType.BFLOAT16);
    try (Program program = SmallModel.TIED.program(options)) {
      RolloutEngine engine = new RolloutEngine(new Decoder(program, 1, 70, 1, 8), Set.of());
      Request request = new Request(new int[] {3, 1, 4}, 7, 60);
      List<Integer> heard = new ArrayList<>();
      Completion streamed = engine.stream(request, SAMPLING, heard::add);
      Completion together = engine.generate(List.of(request), SAMPLING).get(0);
      assertArrayEquals(together.ids(), streamed.ids());
      assertArrayEquals(together.logps(), streamed.logps());
      assertEquals(Arrays.stream(together.ids()).boxed().toList(), heard);
    }
  }

  @Test
  void samplerAndTrainerAgreeInBfloat16() {
    var options = new ExecutionOptions(Lowering.PIECES, 1).withProducts(WeightType.BFLOAT16);
    try (Program program = SmallModel.TIED.program(options)) {
      Request request = new Request(new int[] {3, 1, 4}, 0, 40);
      Completion drawn =
          new RolloutEngine(new Decoder(program, 1, 64, 1, 8), Set.of())
              .generate(List.of(request), new Sampling(1, 0, 1, 5))
              .get(0);
      int[] ids = Arrays.copyOf(request.prompt(), 43);
      System.arraycopy(drawn.ids(), 0, ids, 3, 40);
      Document document = new Document(ids, new float[42], Map.of());
      Layout layout = Layout.of(List.of(List.of(document)), 43, SmallModel.TIED.sizes().vocab(), 1);
      float[] scores = new Scorer(program, 8).score(layout.batch(), 1).logps();
      float[] targets = layout.targetsOf(scores, 0, 0);
      double gap = 0;
      for (int i = 0; i < 40; i++) {
        gap += Math.abs(targets[2 + i] - drawn.logps()[i]) / 40;
      }
      assertTrue(gap < 1e-2, "log-probabilities differ by " + gap + " on average");
    }
  }
}
