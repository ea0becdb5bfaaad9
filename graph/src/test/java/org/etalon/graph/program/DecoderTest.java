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
import org.etalon.graph.oracle.NaiveSampler;
import org.etalon.graph.oracle.NaiveTransformer;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.graph.rollout.RolloutEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A decoder of eight slots under the rollout engine; always more requests than slots. */
class DecoderTest {
  private static final SmallModel MODEL = SmallModel.TIED;
  private static final Program PROGRAM = MODEL.program(Lowering.INLINE);
  private static final Decoder DECODER = new Decoder(PROGRAM, 5, 23, 3, 8);
  private static final RolloutEngine ENGINE = new RolloutEngine(DECODER, Set.of(7));
  private static final Sampling SAMPLING = Sampling.at(0.8, 12);

  @AfterAll
  static void close() {
    PROGRAM.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void greedyTokensAreTheNaiveTransformers(boolean tied) {
    SmallModel model = tied ? SmallModel.TIED : SmallModel.UNTIED;
    NaiveTransformer naive = model.naive();
    List<Request> requests = requests(model, 13);
    try (Program program = model.program(Lowering.INLINE)) {
      Decoder decoder = new Decoder(program, 5, 23, 3, 8);
      List<Completion> completions =
          new RolloutEngine(decoder, Set.of()).generate(requests, Sampling.greedy());
      for (int i = 0; i < requests.size(); i++) {
        assertArrayEquals(greedy(naive, requests.get(i)), completions.get(i).ids(), "request " + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "0.8, 0, 1", "1.3, 9, 0.9", "0, 0, 1"})
  void logProbabilitiesWithTheCacheAreThoseOfTheFullForward(
      double temperature, int topK, double topP) {
    List<Request> requests = requests(MODEL, 14);
    List<Completion> completions =
        ENGINE.generate(requests, new Sampling(temperature, topK, topP, 5));
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      int[] ids = joined(requests.get(i), completions.get(i));
      documents.add(new Document(ids, new float[ids.length - 1], Map.of()));
    }
    Layout layout = Layout.padded(documents, 0, MODEL.sizes().vocab(), 1);
    double scale = temperature == 0 ? 1 : temperature;
    float[] scores = new Scorer(PROGRAM, 50).score(layout.batch(), scale).logps();
    for (int i = 0; i < requests.size(); i++) {
      float[] full = layout.targetsOf(scores, i, 0);
      int prompt = requests.get(i).prompt().length;
      float[] response = Arrays.copyOfRange(full, prompt - 1, full.length);
      assertArrayEquals(response, completions.get(i).logps(), 1e-5f, "request " + i);
    }
  }

  @Test
  void aSampleDoesNotChangeWithItsBatch() {
    List<Request> requests = requests(MODEL, 17);
    List<Completion> together = ENGINE.generate(requests, SAMPLING);
    for (int i = 0; i < requests.size(); i += 4) {
      List<Completion> alone = ENGINE.generate(List.of(requests.get(i)), SAMPLING);
      assertSame(together.get(i), alone.get(0), "alone, request " + i);
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(2));
    List<Completion> shuffled =
        ENGINE.generate(order.stream().map(requests::get).toList(), SAMPLING);
    for (int i = 0; i < order.size(); i++) {
      assertSame(together.get(order.get(i)), shuffled.get(i), "shuffled, request " + order.get(i));
    }
  }

  /** A stream draws one token in a run of the session. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5})
  void manyTokensInARunAreThoseDrawnOneByOne(int slots) {
    Decoder decoder = new Decoder(PROGRAM, slots, 70, 1, 8);
    RolloutEngine engine = new RolloutEngine(decoder, Set.of(7));
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      requests.add(new Request(new int[] {i, 5, 3 * i}, i, 62 - i));
    }
    List<Completion> together = engine.generate(requests, SAMPLING);
    int longest = together.stream().mapToInt(c -> c.ids().length).max().orElseThrow();
    assertTrue(longest > decoder.tokensPerRun(), "more than one run, longest " + longest);
    for (int i = 0; i < requests.size(); i++) {
      List<Integer> heard = new ArrayList<>();
      Completion streamed = engine.stream(requests.get(i), SAMPLING, heard::add);
      assertSame(together.get(i), streamed, "request " + i);
      assertEquals(Arrays.stream(streamed.ids()).boxed().toList(), heard);
    }
  }

  @Test
  void aResponseGoesOnFromItsBeginning() {
    Request whole = new Request(new int[] {3, 1}, 6, 14);
    Completion expected =
        new RolloutEngine(DECODER, Set.of()).generate(List.of(whole), SAMPLING).get(0);
    int[] begun = joined(whole, expected);
    Request rest = new Request(Arrays.copyOf(begun, 7), 6, 5, 9);
    Completion actual =
        new RolloutEngine(DECODER, Set.of()).generate(List.of(rest), SAMPLING).get(0);
    assertArrayEquals(Arrays.copyOfRange(expected.ids(), 5, 14), actual.ids());
    assertArrayEquals(Arrays.copyOfRange(expected.logps(), 5, 14), actual.logps(), 1e-5f);
  }

  @Test
  void aSharedPrefixEqualsSeparatePrefills() {
    int[] prompt = {3, 1, 4, 1, 5};
    List<Request> shared = new ArrayList<>();
    List<Request> separate = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      shared.add(new Request(prompt, i, 9));
      separate.add(new Request(prompt.clone(), i, 9));
    }
    List<Completion> expected = ENGINE.generate(separate, SAMPLING);
    List<Completion> actual = ENGINE.generate(shared, SAMPLING);
    for (int i = 0; i < shared.size(); i++) {
      assertSame(expected.get(i), actual.get(i), "sequence " + i);
    }
    assertTrue(
        actual.stream().map(c -> Arrays.hashCode(c.ids())).distinct().count() > 3,
        "sequences of one group differ");
  }

  @Test
  void sequenceAndSeedChangeASample() {
    Request request = new Request(new int[] {3, 1, 4}, 1, 14);
    Request other = new Request(new int[] {3, 1, 4}, 2, 14);
    int[] ids = ENGINE.generate(List.of(request), SAMPLING).get(0).ids();
    int[] bySequence = ENGINE.generate(List.of(other), SAMPLING).get(0).ids();
    int[] bySeed = ENGINE.generate(List.of(request), Sampling.at(0.8, 13)).get(0).ids();
    assertTrue(!Arrays.equals(ids, bySequence), "another sequence, another sample");
    assertTrue(!Arrays.equals(ids, bySeed), "another seed, another sample");
  }

  @Test
  void rolloutsUseTheWeightsOfTheMoment() {
    try (Program program = MODEL.program(Lowering.INLINE)) {
      RolloutEngine engine = new RolloutEngine(new Decoder(program, 2, 23, 2, 8), Set.of());
      List<Request> requests = requests(MODEL, 2);
      engine.generate(requests, Sampling.greedy());
      program.initialize(4, 0.3);
      NaiveTransformer naive = NaiveTransformer.of(MODEL.sizes(), program.snapshot());
      List<Completion> completions = engine.generate(requests, Sampling.greedy());
      for (int i = 0; i < 2; i++) {
        assertArrayEquals(greedy(naive, requests.get(i)), completions.get(i).ids());
      }
    }
  }

  @Test
  void slotsAndPrefillRowsAreWholeBlocksUnlessThereIsOnlyOne() {
    assertEquals(8, DECODER.slots());
    assertEquals(8, DECODER.prefillRows());
    Decoder single = new Decoder(PROGRAM, 1, 23, 1, 8);
    assertEquals(1, single.slots());
    assertEquals(1, single.prefillRows());
  }

  @Test
  void aDecoderWithoutRoomForAResponseIsRefused() {
    var error =
        assertThrows(IllegalArgumentException.class, () -> new Decoder(PROGRAM, 5, 8, 3, 8));
    assertTrue(error.getMessage().contains("prompts of 8, capacity 8"), error.getMessage());
  }

  /** Prompts of 1 to 8 tokens, every third one shared by two requests. */
  private static List<Request> requests(SmallModel model, int count) {
    Random random = new Random(31);
    List<Request> requests = new ArrayList<>();
    int[] prompt = null;
    for (int i = 0; i < count; i++) {
      if (i % 3 < 2) {
        prompt = random.ints(1 + i * 3 % 8, 0, model.sizes().vocab()).toArray();
      }
      requests.add(new Request(prompt, 500 + i, 1 + i * 7 % 15));
    }
    return requests;
  }

  private static int[] greedy(NaiveTransformer naive, Request request) {
    int prompt = request.prompt().length;
    int[] ids = request.prompt();
    for (int i = 0; i < request.maxNewTokens(); i++) {
      double[] last = naive.logits(ids)[ids.length - 1];
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = NaiveSampler.greedy(last);
    }
    return Arrays.copyOfRange(ids, prompt, ids.length);
  }

  private static int[] joined(Request request, Completion completion) {
    int prompt = request.prompt().length;
    int[] ids = Arrays.copyOf(request.prompt(), prompt + completion.ids().length);
    System.arraycopy(completion.ids(), 0, ids, prompt, completion.ids().length);
    return ids;
  }

  /** Bit for bit. */
  private static void assertSame(Completion expected, Completion actual, String what) {
    assertArrayEquals(expected.ids(), actual.ids(), what);
    assertArrayEquals(expected.logps(), actual.logps(), what);
    assertEquals(expected.finish(), actual.finish(), what);
  }
}
