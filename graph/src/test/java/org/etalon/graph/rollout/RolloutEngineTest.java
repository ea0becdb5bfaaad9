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
    List<Completion> completions = engine.generate(requests(11), SAMPLING, seen::add);
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
