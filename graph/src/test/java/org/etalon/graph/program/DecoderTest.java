package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.etalon.graph.oracle.NaiveTransformer;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecoderTest {
  private static final int NEW = 12;
  private static final int STOP = 3;

  /** Three samples of each of seven prompts: more than there are slots. */
  private static List<Request> requests(int vocabulary) {
    Random random = new Random(8);
    List<Request> requests = new ArrayList<>();
    for (int p = 0; p < 7; p++) {
      int[] prompt = random.ints(1 + random.nextInt(6), 0, vocabulary).toArray();
      for (int s = 0; s < 3; s++) {
        requests.add(new Request(prompt, p * 3 + s, 4 + random.nextInt(NEW - 3)));
      }
    }
    return requests;
  }

  private static RolloutEngine engine(Program program) {
    return new RolloutEngine(new Decoder(program, 5, 6 + NEW, 2, 6), Set.of(STOP));
  }

  private static int[] whole(Request request, Completion completion) {
    int[] ids = Arrays.copyOf(request.prompt(), request.prompt().length + completion.ids().length);
    System.arraycopy(completion.ids(), 0, ids, request.prompt().length, completion.ids().length);
    return ids;
  }

  @ParameterizedTest
  @EnumSource(Lowering.class)
  void logProbsEqualTheFullForwardPass(Lowering lowering) {
    SmallModel model = SmallModel.TIED;
    NaiveTransformer naive = model.naive();
    List<Request> requests = requests(model.sizes().vocab());
    try (Program program = model.program(lowering)) {
      List<Completion> completions = engine(program).generate(requests, Sampling.at(0.8, 5));
      for (int i = 0; i < requests.size(); i++) {
        int[] ids = whole(requests.get(i), completions.get(i));
        double[] expected =
            naive.logProbs(ids, IntStream.range(0, ids.length).toArray(), new int[ids.length], 0.8);
        int from = requests.get(i).prompt().length - 1;
        for (int t = 0; t < completions.get(i).ids().length; t++) {
          assertEquals(expected[from + t], completions.get(i).logps()[t], 1e-5);
        }
      }
    }
  }

  @Test
  void samplerAndTrainerAgreeOnLogProbs() {
    SmallModel model = SmallModel.UNTIED;
    List<Request> requests = requests(model.sizes().vocab());
    try (Program program = model.program(Lowering.INLINE)) {
      List<Completion> completions = engine(program).generate(requests, Sampling.at(1.3, 6));
      Scorer scorer = new Scorer(program, 8);
      for (int i = 0; i < requests.size(); i++) {
        Document document =
            new Document(
                whole(requests.get(i), completions.get(i)),
                new float[requests.get(i).prompt().length + completions.get(i).ids().length - 1],
                Map.of());
        Layout layout = Layout.padded(List.of(document), 24 - document.length(), 41, 1);
        float[] logps = layout.targetsOf(scorer.score(layout.batch(), 1.3).logps(), 0, 0);
        int from = requests.get(i).prompt().length - 1;
        assertArrayEquals(
            completions.get(i).logps(), Arrays.copyOfRange(logps, from, logps.length), 1e-5f);
      }
    }
  }

  @Test
  void greedyTokensAreTheNaiveArgmax() {
    SmallModel model = SmallModel.TIED;
    NaiveTransformer naive = model.naive();
    try (Program program = model.program(Lowering.INLINE)) {
      for (Request request : requests(model.sizes().vocab()).subList(0, 6)) {
        Completion completion =
            engine(program).generate(List.of(request), Sampling.greedy()).get(0);
        int[] ids = whole(request, completion);
        double[][] logits = naive.logits(ids);
        for (int t = request.prompt().length; t < ids.length; t++) {
          double[] row = logits[t - 1];
          int best = IntStream.range(0, row.length).reduce(0, (a, b) -> row[b] > row[a] ? b : a);
          assertEquals(best, ids[t]);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Lowering.class)
  void aSampleDoesNotChangeWithItsBatch(Lowering lowering) {
    SmallModel model = SmallModel.TIED;
    List<Request> requests = requests(model.sizes().vocab());
    try (Program program = model.program(lowering)) {
      RolloutEngine engine = engine(program);
      Sampling sampling = new Sampling(1, 12, 0.9, 77);
      List<Completion> together = engine.generate(requests, sampling);
      List<Request> reversed = new ArrayList<>(requests);
      Collections.reverse(reversed);
      List<Completion> backwards = engine.generate(reversed, sampling);
      for (int i = 0; i < requests.size(); i++) {
        // A prompt of its own shares its prefill with nobody.
        Request alone =
            new Request(
                requests.get(i).prompt().clone(),
                requests.get(i).sequence(),
                requests.get(i).maxNewTokens());
        Completion single = engine.generate(List.of(alone), sampling).get(0);
        for (Completion other : List.of(together.get(i), backwards.get(requests.size() - 1 - i))) {
          assertArrayEquals(single.ids(), other.ids());
          // Odd sizes: which slot a row sits in decides which elements fall to a vector kernel's
          // tail, and that moves the last bit.
          assertArrayEquals(single.logps(), other.logps(), 2e-6f);
          assertEquals(single.finish(), other.finish());
        }
      }
      assertTrue(
          together.stream().anyMatch(c -> c.finish() == Completion.Finish.LENGTH),
          "some must be truncated");
    }
  }

  @Test
  void decodingUsesTheWeightsThatTrainingLeft() {
    SmallModel model = SmallModel.TIED;
    Request request = requests(model.sizes().vocab()).get(0);
    try (Program program = model.program(Lowering.INLINE)) {
      RolloutEngine engine = engine(program);
      float before = engine.generate(List.of(request), Sampling.greedy()).get(0).logps()[0];
      float[] norm = program.get("model.norm.weight");
      for (int i = 0; i < norm.length; i++) {
        norm[i] *= 1.5f;
      }
      program.set("model.norm.weight", norm);
      float after = engine.generate(List.of(request), Sampling.greedy()).get(0).logps()[0];
      assertTrue(after > before + 1e-3, before + " and " + after);
    }
  }

  @Test
  void aRequestThatDoesNotFitIsRefusedWithTheNumbers() {
    SmallModel model = SmallModel.TIED;
    try (Program program = model.program(Lowering.INLINE)) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  engine(program)
                      .generate(
                          List.of(new Request(new int[] {1, 2, 3}, 0, 40)), Sampling.greedy()));
      assertTrue(e.getMessage().contains("43") && e.getMessage().contains("18"), e.getMessage());
    }
  }
}
