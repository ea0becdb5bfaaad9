package org.etalon.savedmodels.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.proto.PredictRequest;
import org.etalon.savedmodels.wire.ModelAnswers;
import org.etalon.savedmodels.wire.ModelRequests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of the graph that XLA compiles. */
class CompiledServerTest {
  private static final List<Ask> ASKS =
      List.of(
          Ask.greedy(new int[] {5, 9, 300, 41}, 12),
          new Ask(new int[] {17, 4}, 1.3f, 20, 0.9f, -3, 9));

  @TempDir Path base;

  private ServerOptions options() {
    return ServerOptions.local(base, ServerFixture.NAME).withXla(true);
  }

  @Test
  void itsAnswersAreThoseOfThePlainGraph() {
    try (TinyModel tiny = new TinyModel();
        ServedModel plain = ServedModel.load(tiny.writeWithXla(base, 1));
        ServerFixture server = new ServerFixture(options())) {
      List<Answer> expected = plain.generate(ASKS);
      List<Answer> got = server.generate(ASKS);
      for (int i = 0; i < ASKS.size(); i++) {
        ConformanceServerTest.assertSame(expected.get(i), got.get(i));
      }
      List<int[]> texts = List.of(new int[] {5, 9, 300, 41}, new int[] {8, 8});
      PredictRequest request =
          PredictRequest.newBuilder()
              .setModelSpec(ServerFixture.spec(ModelRequests.SCORE))
              .putAllInputs(ModelRequests.score(texts))
              .build();
      List<float[]> scores =
          ModelAnswers.scores(server.predictions.predict(request).getOutputsMap(), texts);
      List<float[]> plainScores = plain.score(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertArrayEquals(plainScores.get(i), scores.get(i), 1e-5f);
      }
    }
  }

  @Test
  void aVersionWithoutSuchAGraphIsLeftAside() {
    try (TinyModel tiny = new TinyModel()) {
      tiny.write(base, 1);
      try (ServerFixture server = new ServerFixture(options())) {
        assertTrue(
            server.log.stream().anyMatch(line -> line.contains("export the model with --xla")),
            server.log::toString);
        ServerFixture.assertCode(
            Status.Code.UNAVAILABLE, "in service yet", () -> server.generate(ASKS));
      }
    }
  }
}
