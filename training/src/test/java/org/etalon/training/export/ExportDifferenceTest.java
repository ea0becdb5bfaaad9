package org.etalon.training.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.etalon.graph.rollout.Completion;
import org.etalon.savedmodels.export.ServedModel;
import org.junit.jupiter.api.Test;

class ExportDifferenceTest {
  private static final Completion WANTED =
      new Completion(new int[] {5, 6, 7}, new float[] {-1, -2, -3}, Completion.Finish.STOP);

  private static Optional<String> difference(int[] ids, float... logps) {
    return Export.difference(WANTED, new ServedModel.Answer(ids, logps, 0));
  }

  @Test
  void equalAnswersAndTiesAreNoDifference() {
    assertEquals(Optional.empty(), difference(new int[] {5, 6, 7}, -1, -2.001f, -3));
    assertEquals(Optional.empty(), difference(new int[] {5, 9}, -1, -2.001f), "a tie at token 2");
  }

  @Test
  void anotherTokenThatIsLessLikelyIsOne() {
    assertEquals(
        Optional.of("token 2 has ln p -2.5000, expected -2.0000"),
        difference(new int[] {5, 9, 7}, -1, -2.5f, -3));
    assertEquals(
        Optional.of("token 3 has ln p NaN, expected -3.0000"),
        difference(new int[] {5, 6, 7}, -1, -2, Float.NaN));
  }

  @Test
  void anEarlierEndIsOne() {
    assertEquals(Optional.of("2 tokens, expected 3"), difference(new int[] {5, 6}, -1, -2));
  }
}
