package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.etalon.graph.loss.ClippedSurrogate;
import org.etalon.graph.loss.KlEstimator;
import org.etalon.graph.model.Recompute;
import org.etalon.graph.optim.AdamW;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.ResponseBatch;
import org.etalon.graph.rollout.ResponsePacking;
import org.etalon.graph.rollout.TrainedResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses behind one copy of their prompt have the loss and gradient of rows of their own. */
class SharedPromptTest {
  private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0.1);
  private static final int[] PROMPTS = {9, 1, 4, 14, 2};
  private static final int[][] LENGTHS = {
    {7, 12, 1, 3}, {5, 2}, {16}, {6, 2, 9, 11, 1, 4}, {3, 8, 8}
  };

  @ParameterizedTest
  @CsvSource({
    "INLINE, NONE, TIED, 0, 2, 48",
    "INLINE, NONE, TIED, 4, 2, 48",
    "INLINE, SELECTIVE, UNTIED, 7, 3, 32",
    "INLINE, FULL, TIED, 16, 1, 96",
    "INLINE, NONE, UNTIED, 1, 1, 160",
    "PIECES, FULL, TIED, 5, 2, 64",
    "XLA, SELECTIVE, TIED, 8, 1, 128"
  })
  void lossScoresAndGradientAreThoseOfRowsOfTheirOwn(
      Lowering lowering, Recompute recompute, String name, int block, int rows, int length) {
    SmallModel model = SmallModel.named(name);
    List<TrainedResponse> responses = responses(model.sizes().vocab());
    var apart = new ResponsePacking(16, 32, false);
    var shared = new ResponsePacking(rows, length, true);
    Step expected =
        step(model, new ExecutionOptions(Lowering.INLINE, 1), Recompute.NONE, responses, apart, 0);
    Step got = step(model, new ExecutionOptions(lowering, 1), recompute, responses, shared, block);
    assertTrue(Math.abs(expected.loss) > 0.1, "a loss that says something: " + expected.loss);
    assertEquals(expected.loss, got.loss, 2e-6 * Math.abs(expected.loss) + 1e-6);
    for (TrainedResponse response : responses) {
      assertArrayEquals(expected.logps.get(response), got.logps.get(response), 1e-5f);
      assertArrayEquals(expected.scores.get(response), got.scores.get(response), 1e-5f);
    }
    double distance = got.gradient.distanceFrom(expected.gradient);
    assertTrue(distance < 2e-6, "gradients differ by " + distance);
  }

  @Test
  void aPrefixThatDoesNotLieBeforeItsDocumentsIsRefused() {
    int[] four = new int[4];
    int[] segments = {1, 1, 2, 2};
    float[] weights = new float[4];
    for (int[] prefixes : new int[][] {{2, 2, 2, 2}, {1, 1, 3, 3}, {1, 1, -1, -1}}) {
      var batch = new TokenBatch(1, 4, four, four, four, segments, prefixes, weights);
      var e = assertThrows(IllegalArgumentException.class, () -> batch.check(9));
      assertTrue(e.getMessage().contains("row 0, position"), e.getMessage());
    }
    int[] torn = {1, 2, 1, 3};
    var batch = new TokenBatch(1, 4, four, four, four, torn, new int[] {1, 1, 1, 3}, weights);
    assertThrows(IllegalArgumentException.class, () -> batch.check(9));
    new TokenBatch(1, 4, four, four, four, segments, new int[] {1, 1, 1, 1}, weights).check(9);
  }

  private record Step(
      double loss,
      Map<TrainedResponse, float[]> logps,
      Map<TrainedResponse, float[]> scores,
      Gradient gradient) {}

  private static Step step(
      SmallModel model,
      ExecutionOptions options,
      Recompute recompute,
      List<TrainedResponse> responses,
      ResponsePacking packing,
      int block) {
    try (Program program = model.program(options.withAttentionBlock(block))) {
      var objective = new ClippedSurrogate(0.2f, 0.28f, 0, KlEstimator.K3);
      Trainer trainer = new Trainer(program, objective, ADAM, 40, recompute);
      Scorer scorer = new Scorer(program, 40);
      Map<TrainedResponse, float[]> logps = new HashMap<>();
      Map<TrainedResponse, float[]> scores = new HashMap<>();
      double loss = 0;
      for (ResponseBatch batch : packing.pack(responses)) {
        Trainer.Outcome outcome = trainer.accumulate(batch.tokens(), 0.9, batch.inputs());
        loss += outcome.loss();
        float[] scored = scorer.score(batch.tokens(), 0.9).logps();
        for (ResponseBatch.Placed place : batch.placed()) {
          int end = place.first() + place.response().tokens();
          logps.put(place.response(), Arrays.copyOfRange(outcome.logps(), place.first(), end));
          scores.put(place.response(), Arrays.copyOfRange(scored, place.first(), end));
        }
      }
      return new Step(loss, logps, scores, Gradient.of(trainer, program.config()));
    }
  }

  /** Old log-probabilities near a uniform model's, so that few ratios are clipped. */
  private static List<TrainedResponse> responses(int vocabulary) {
    Random random = new Random(3);
    List<TrainedResponse> responses = new ArrayList<>();
    for (int p = 0; p < PROMPTS.length; p++) {
      int[] prompt = random.ints(PROMPTS[p], 0, vocabulary).toArray();
      for (int length : LENGTHS[p]) {
        float[] old = new float[length];
        for (int i = 0; i < length; i++) {
          old[i] = (float) (-Math.log(vocabulary) + 0.1 * random.nextGaussian());
        }
        var completion =
            new Completion(
                random.ints(length, 0, vocabulary).toArray(), old, Completion.Finish.STOP);
        responses.add(new TrainedResponse(prompt, completion, random.nextGaussian(), 0.02));
      }
    }
    return responses;
  }
}
