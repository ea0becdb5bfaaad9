package org.etalon.graph.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion.Finish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutEngineTest {
  private static final Set<Integer> STOPS = Set.of(4, 11);
  private static final Sampling SAMPLING = Sampling.at(1, 77);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 64})
  void completionsAreInOrderAndDoNotDependOnTheSlots(int slots) {
    List<Request> requests = requests(37);
    assertExpected(requests, new RolloutEngine(new FakeDecoder(slots), STOPS));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 32})
  void completionsDoNotDependOnTheTokensOfARun(int tokens) {
    assertExpected(requests(37), new RolloutEngine(new FakeDecoder(5, tokens), STOPS));
  }

  @Test
  void aRunEndsWhenItsSlotsAreWorthFillingAgain() {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      requests.add(new Request(new int[] {1}, i, i == 0 ? 9 : 1 + i % 2 * 3));
    }
    FakeDecoder one = new FakeDecoder(8, 1);
    new RolloutEngine(one, Set.of()).generate(requests, SAMPLING);
    FakeDecoder many = new FakeDecoder(8, 32);
    new RolloutEngine(many, Set.of()).generate(requests, SAMPLING);
    assertEquals(one.steps(), many.steps(), "no step is done for a slot that could be filled");
    assertEquals(one.prefilledPrompts(), many.prefilledPrompts());
    assertTrue(many.runs() < one.runs() / 2, many.runs() + " runs for " + one.runs() + " steps");
  }

  @Test
  void aResponseIsContinuedAtTheDrawWhereItStopped() {
    Request whole = new Request(new int[] {1, 2}, 3, 9);
    List<Integer> all = FakeDecoder.expected(whole, SAMPLING.seed(), Set.of());
    int[] begun = {1, 2, all.get(0), all.get(1)};
    Completion rest =
        new RolloutEngine(new FakeDecoder(2), Set.of())
            .generate(List.of(new Request(begun, 3, 2, 7)), SAMPLING)
            .get(0);
    assertEquals(all.subList(2, 9), IntStream.of(rest.ids()).boxed().toList());
  }

  @Test
  void statisticsCountTokensAndIdlePlaces() {
    List<Request> requests =
        List.of(new Request(new int[] {1}, 0, 6), new Request(new int[] {1}, 1, 2));
    RolloutStats stats =
        new RolloutEngine(new FakeDecoder(3, 32), Set.of())
            .rollouts(requests, SAMPLING, tokens -> {})
            .stats();
    assertEquals(8, stats.tokens());
    assertEquals(1, stats.runs());
    assertEquals(5, stats.steps());
    assertEquals(15, stats.slotSteps());
    assertEquals(1, stats.prefills());
    assertEquals(2, stats.prefilled());
    assertEquals(9, stats.idle(), "5 and 1 of 15 places drew a token");
    assertEquals(0.4, stats.liveShare(), 1e-12);
  }

  @Test
  void orderOfRequestsDoesNotMatter() {
    List<Request> requests = new ArrayList<>(requests(29));
    Collections.shuffle(requests, new Random(3));
    assertExpected(requests, new RolloutEngine(new FakeDecoder(4), STOPS));
  }

  @Test
  void anEngineCanBeUsedAgain() {
    RolloutEngine engine = new RolloutEngine(new FakeDecoder(3), STOPS);
    assertExpected(requests(10), engine);
    assertExpected(requests(7), engine);
  }

  @Test
  void finishTellsAnEndTokenFromTruncation() {
    List<Completion> completions =
        new RolloutEngine(new FakeDecoder(5), STOPS).generate(requests(60), SAMPLING);
    int stopped = 0;
    for (int i = 0; i < completions.size(); i++) {
      int[] ids = completions.get(i).ids();
      boolean stops = STOPS.contains(ids[ids.length - 1]);
      assertEquals(stops ? Finish.STOP : Finish.LENGTH, completions.get(i).finish());
      if (!stops) {
        assertEquals(requests(60).get(i).maxNewTokens(), ids.length);
      }
      assertTrue(IntStream.of(ids).limit(ids.length - 1).noneMatch(STOPS::contains));
      stopped += stops ? 1 : 0;
    }
    assertTrue(stopped > 10 && stopped < 50, "both ends occur, stopped " + stopped);
  }

  @Test
  void requestsOfOnePromptArrayShareItsPrefill() {
    int[] prompt = {1, 2, 3};
    List<Request> group = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      group.add(new Request(prompt, i, 5));
    }
    FakeDecoder decoder = new FakeDecoder(8);
    assertExpected(group, new RolloutEngine(decoder, STOPS));
    assertEquals(List.of(1), decoder.prefilledPrompts());
  }

  @Test
  void aFinishedSlotIsGivenToTheNextRequest() {
    List<Request> requests = new ArrayList<>();
    requests.add(new Request(new int[] {1}, 0, 10));
    for (int i = 1; i < 10; i++) {
      requests.add(new Request(new int[] {1}, i, 1 + i % 2));
    }
    FakeDecoder decoder = new FakeDecoder(2);
    new RolloutEngine(decoder, Set.of()).generate(requests, SAMPLING);
    assertEquals(9, decoder.steps(), "the short requests pass through while the long one runs");
  }

  @Test
  void progressEndsWithAllTokensDrawn() {
    List<Long> seen = new ArrayList<>();
    RolloutEngine engine = new RolloutEngine(new FakeDecoder(3), STOPS);
    List<Completion> completions = engine.rollouts(requests(11), SAMPLING, seen::add).completions();
    long all = completions.stream().mapToLong(c -> c.ids().length).sum();
    assertEquals(all, seen.get(seen.size() - 1));
  }

  @Test
  void noRequestsGiveNoCompletions() {
    FakeDecoder decoder = new FakeDecoder(2);
    assertEquals(List.of(), new RolloutEngine(decoder, STOPS).generate(List.of(), SAMPLING));
    assertEquals(0, decoder.steps());
  }

  @Test
  void aPromptThatIsTooLongIsNamedBeforeAnythingRuns() {
    FakeDecoder decoder = new FakeDecoder(2);
    RolloutEngine engine = new RolloutEngine(decoder, STOPS);
    List<Request> requests =
        List.of(new Request(new int[] {1}, 0, 1), new Request(new int[7], 1, 1));
    var error =
        assertThrows(IllegalArgumentException.class, () -> engine.generate(requests, SAMPLING));
    assertTrue(
        error.getMessage().startsWith("request 1 has a prompt of 7 tokens but the longest"),
        error.getMessage());
    assertEquals(List.of(), decoder.prefilledPrompts());
  }

  @Test
  void aResponseThatDoesNotFitASlotIsNamed() {
    RolloutEngine engine = new RolloutEngine(new FakeDecoder(2), STOPS);
    engine.generate(List.of(new Request(new int[6], 0, 14)), SAMPLING);
    List<Request> requests = List.of(new Request(new int[6], 0, 15));
    var error =
        assertThrows(IllegalArgumentException.class, () -> engine.generate(requests, SAMPLING));
    assertTrue(
        error.getMessage().contains("needs 21 positions (prompt 6 + 15 new tokens)"),
        error.getMessage());
  }

  @Test
  void emptyPromptsAndEmptyResponsesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Request(new int[0], 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Request(new int[1], 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Request(new int[2], 0, 2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Request(new int[2], 0, -1, 1));
  }

  /** Groups of three that share a prompt array, with limits from 1 to 14. */
  private static List<Request> requests(int count) {
    List<Request> requests = new ArrayList<>();
    Random random = new Random(8);
    int[] prompt = null;
    for (int i = 0; i < count; i++) {
      prompt = i % 3 == 0 ? random.ints(1 + i % 6, 0, 23).toArray() : prompt;
      requests.add(new Request(prompt, 1000 + i, 1 + i * 5 % 14));
    }
    return requests;
  }

  private static void assertExpected(List<Request> requests, RolloutEngine engine) {
    List<Completion> completions = engine.generate(requests, SAMPLING);
    assertEquals(requests.size(), completions.size());
    for (int i = 0; i < requests.size(); i++) {
      List<Integer> expected = FakeDecoder.expected(requests.get(i), SAMPLING.seed(), STOPS);
      int[] ids = completions.get(i).ids();
      assertEquals(expected, IntStream.of(ids).boxed().toList(), "request " + i);
      float[] logps = new float[ids.length];
      for (int t = 0; t < ids.length; t++) {
        logps[t] = FakeDecoder.logp(ids[t]);
      }
      assertArrayEquals(logps, completions.get(i).logps());
    }
  }
}
