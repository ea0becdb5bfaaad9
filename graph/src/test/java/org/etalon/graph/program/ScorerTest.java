package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.etalon.graph.oracle.Golden;
import org.etalon.graph.oracle.NaiveTransformer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScorerTest {
  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @CsvSource({"INLINE, true", "INLINE, false", "XLA, true", "XLA, false"})
  void packedScoresAgreeWithTheNaiveTransformer(Lowering lowering, boolean tied) {
    SmallModel model = tied ? SmallModel.TIED : SmallModel.UNTIED;
    int vocabulary = model.sizes().vocab();
    Random random = new Random(5);
    List<List<Document>> rows =
        List.of(
            List.of(
                Document.random(random, vocabulary, 5),
                Document.random(random, vocabulary, 2),
                Document.random(random, vocabulary, 4)),
            List.of(Document.random(random, vocabulary, 13)),
            List.of(
                Document.random(random, vocabulary, 1), Document.random(random, vocabulary, 9)));
    Layout layout = Layout.of(rows, 13, vocabulary, 6);
    try (Program program = model.program(lowering)) {
      Scorer scorer = new Scorer(program, 7);
      for (double temperature : new double[] {1, 0.7}) {
        assertScores(model.naive(), layout, temperature, scorer);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"INLINE, qwen2-tied.txt", "INLINE, qwen2-untied.txt", "XLA, qwen2-untied.txt"})
  void scoresAgreeWithTransformers(Lowering lowering, String file) {
    Golden golden = Golden.read(file);
    SmallModel model = SmallModel.of(golden);
    List<Document> documents =
        List.of(
            new Document(golden.ints("ids.0"), new float[10], Map.of()),
            new Document(golden.ints("ids.1"), new float[5], Map.of()));
    Layout layout = Layout.of(List.of(documents), 19, model.sizes().vocab(), 1);
    try (Program program = model.program(lowering)) {
      Scorer.Scores scores =
          new Scorer(program, 4).score(layout.batch(), golden.number("temperature"));
      for (int d = 0; d < 2; d++) {
        assertPart(golden.vector("logprobs." + d), layout.targetsOf(scores.logps(), 0, d));
        assertPart(golden.vector("entropies." + d), layout.targetsOf(scores.entropies(), 0, d));
      }
    }
  }

  private static void assertScores(
      NaiveTransformer naive, Layout layout, double temperature, Scorer scorer) {
    Scorer.Scores scores = scorer.score(layout.batch(), temperature);
    for (int row = 0; row < layout.rows().size(); row++) {
      for (int d = 0; d < layout.rows().get(row).size(); d++) {
        int[] ids = layout.rows().get(row).get(d).ids();
        int[] positions = IntStream.range(0, ids.length).toArray();
        int[] segments = new int[ids.length];
        assertPart(
            naive.logProbs(ids, positions, segments, temperature),
            layout.targetsOf(scores.logps(), row, d));
        assertPart(
            naive.entropies(ids, positions, segments, temperature),
            layout.targetsOf(scores.entropies(), row, d));
      }
    }
  }

  /** Compares as many values as {@code actual} has; an entropy has no target and is one longer. */
  private static void assertPart(double[] expected, float[] actual) {
    for (int t = 0; t < actual.length; t++) {
      assertEquals(expected[t], actual[t], TOLERANCE, "target " + t);
    }
  }
}
