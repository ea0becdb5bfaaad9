package org.etalon.graph.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.etalon.graph.program.TokenBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsePackingTest {
  private static final int[] PROMPT = {50, 51, 52};

  private static TrainedResponse response(int[] prompt, int firstId, int tokens) {
    float[] logps = new float[tokens];
    for (int i = 0; i < tokens; i++) {
      logps[i] = -i - 1;
    }
    int[] ids = IntStream.range(firstId, firstId + tokens).toArray();
    return new TrainedResponse(
        prompt, new Completion(ids, logps, Completion.Finish.STOP), firstId, 1.0 / tokens);
  }

  @Test
  void responsesLieBehindOneCopyOfTheirPrompt() {
    List<TrainedResponse> responses = List.of(response(PROMPT, 60, 3), response(PROMPT, 70, 2));
    ResponseBatch batch = new ResponsePacking(1, 8, true).pack(responses).get(0);
    TokenBatch tokens = batch.tokens();
    assertArrayEquals(new int[] {50, 51, 52, 60, 61, 52, 70, 0}, head(tokens.ids()));
    assertArrayEquals(new int[] {0, 0, 60, 61, 62, 70, 71, 0}, head(tokens.targets()));
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 2, 3, 0}, head(tokens.positions()));
    assertArrayEquals(new int[] {1, 1, 2, 2, 2, 3, 3, 0}, head(tokens.segments()));
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 0}, head(tokens.prefixes()));
    float[] old = Arrays.copyOf(batch.inputs().get("old_logp"), 8);
    assertArrayEquals(new float[] {0, 0, -1, -2, -3, -1, -2, 0}, old);
    float[] advantage = Arrays.copyOf(batch.inputs().get("advantage"), 8);
    assertArrayEquals(new float[] {0, 0, 60, 60, 60, 70, 70, 0}, advantage);
  }

  private static int[] head(int[] values) {
    return Arrays.copyOf(values, 8);
  }

  @Test
  void aResponseWithoutSiblingsIsOneDocumentWithItsPrompt() {
    int[] other = {90};
    List<TrainedResponse> responses =
        List.of(response(PROMPT, 60, 2), response(other, 70, 1), response(other, 80, 2));
    TokenBatch tokens = new ResponsePacking(1, 8, true).pack(responses).get(0).tokens();
    assertArrayEquals(new int[] {1, 1, 2, 3, 3, 3, 3, 0}, head(tokens.segments()));
    assertArrayEquals(tokens.segments(), tokens.prefixes());
    assertArrayEquals(new int[] {90, 80, 90, 50, 51, 52, 60, 0}, head(tokens.ids()));
  }

  /** Groups of random lengths: every token is there once, with its weight, in few full rows. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyResponseIsPlacedOnce(boolean shares) {
    Random random = new Random(7);
    List<TrainedResponse> responses = new ArrayList<>();
    int positions = 0;
    for (int group = 0; group < 12; group++) {
      int[] prompt = random.ints(1 + random.nextInt(40), 0, 100).toArray();
      positions += prompt.length;
      for (int i = 0; i < 8; i++) {
        int tokens = 1 + random.nextInt(90);
        positions += tokens;
        responses.add(response(prompt, 100 * group + i, tokens));
      }
    }
    TreeSet<Integer> seen = new TreeSet<>();
    TreeSet<Integer> lengths = new TreeSet<>();
    int taken = 0;
    for (ResponseBatch batch : new ResponsePacking(4, 256, shares).pack(responses)) {
      TokenBatch tokens = batch.tokens();
      taken += tokens.ids().length;
      lengths.add(tokens.length());
      double weights = 0;
      for (ResponseBatch.Placed place : batch.placed()) {
        TrainedResponse response = place.response();
        assertTrue(seen.add((int) response.advantage()), "placed twice");
        weights += response.weight() * response.tokens();
        int at = place.first();
        assertEquals(response.prompt()[response.prompt().length - 1], tokens.ids()[at]);
        assertEquals(response.prompt().length - 1, tokens.positions()[at]);
        int[] targets = Arrays.copyOfRange(tokens.targets(), at, at + response.tokens());
        assertArrayEquals(response.completion().ids(), targets);
      }
      double sum = 0;
      for (float weight : tokens.weights()) {
        sum += weight;
      }
      assertEquals(weights, sum, 1e-4, "nothing else counts");
    }
    assertEquals(96, seen.size());
    assertTrue(lengths.last() <= 256, "rows are as long as asked for: " + lengths);
    assertEquals(shares, taken < 1.15 * positions, taken + " for " + positions);
  }

  @Test
  void aResponseThatNeedsMoreMakesRowsLonger() {
    var packing = new ResponsePacking(1, 64, true);
    List<ResponseBatch> batches =
        packing.pack(List.of(response(PROMPT, 60, 100), response(PROMPT, 70, 20)));
    assertEquals(1, batches.size(), "both fit into a row of 128");
    assertEquals(128, batches.get(0).tokens().length());
  }

  @Test
  void thereAreFewLengthsAndFewNumbersOfRows() {
    TreeSet<Integer> lengths = new TreeSet<>();
    for (int positions = 1; positions <= 4096; positions++) {
      int length = ResponsePacking.rounded(positions);
      assertTrue(length >= positions && length <= Math.max(32, 1.13 * positions + 32));
      lengths.add(length);
    }
    assertTrue(lengths.size() <= 8 * 5, lengths + "");
    TreeSet<Integer> rows = new TreeSet<>();
    for (int count = 1; count <= 12; count++) {
      List<TrainedResponse> responses = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        responses.add(response(new int[] {i}, 60, 30));
      }
      List<ResponseBatch> batches = new ResponsePacking(12, 32, true).pack(responses);
      rows.add(batches.get(0).tokens().rows());
      assertFalse(batches.get(0).tokens().rows() < count);
    }
    assertEquals(List.of(1, 2, 3, 6, 12), List.copyOf(rows));
  }

  @Test
  void theGapCountsSampledTokensOnly() {
    ResponseBatch batch =
        new ResponsePacking(1, 8, true).pack(List.of(response(PROMPT, 60, 2))).get(0);
    float[] logps = new float[batch.tokens().ids().length];
    Arrays.fill(logps, 100);
    logps[2] = -1.5f;
    logps[3] = -1f;
    assertEquals(1.5, batch.gap(logps), 1e-6);
  }
}
