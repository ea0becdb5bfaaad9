package org.etalon.savedmodels.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.savedmodels.client.ServerException;
import org.etalon.savedmodels.client.ServingClient;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients against a running server. */
class ServingClientTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @TempDir static Path base;
  private static TinyServer served;
  private static ServedModel model;
  private static ServerFixture server;

  @BeforeAll
  static void start() {
    served = TinyServer.start(base, options -> options);
    model = served.model();
    server = served.server();
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static ServingClient connect(String... addresses) {
    return ServingClient.connect(List.of(addresses), ServerFixture.NAME, TIMEOUT);
  }

  private static String grpc() {
    return "127.0.0.1:" + server.server.port();
  }

  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  @Test
  void bothWaysGiveTheModelsAnswers() {
    List<Ask> asks = TinyModel.asks(6, 11);
    List<Answer> expected = model.generate(asks);
    List<int[]> texts = asks.stream().map(Ask::ids).toList();
    List<float[]> scores = model.score(texts);
    for (String address : List.of(grpc(), server.url("/"))) {
      try (ServingClient client = connect(address)) {
        List<Answer> got = client.generate(asks);
        List<float[]> scored = client.score(texts);
        for (int i = 0; i < asks.size(); i++) {
          ConformanceServerTest.assertSame(expected.get(i), got.get(i));
          assertArrayEquals(scores.get(i), scored.get(i), 1e-4f);
        }
      }
    }
  }

  @Test
  void continuationByChunksEqualsOneCall() {
    try (ServingClient client = connect(grpc())) {
      for (Ask ask : TinyModel.asks(8, 12)) {
        Ask longer = new Ask(ask.ids(), ask.temperature(), ask.topK(), ask.topP(), ask.seed(), 60);
        Answer whole = client.generate(List.of(longer)).get(0);
        List<Integer> pieces = new ArrayList<>();
        Answer streamed =
            client.stream(
                longer,
                5,
                piece -> {
                  pieces.add(piece.ids().length);
                  return true;
                });
        ConformanceServerTest.assertSame(whole, streamed);
        assertEquals(whole.ids().length, pieces.stream().mapToInt(Integer::intValue).sum());
        assertTrue(pieces.stream().allMatch(n -> n <= 5));
      }
    }
  }

  @Test
  void aListenerEndsTheStream() {
    try (ServingClient client = connect(grpc())) {
      Ask ask = new Ask(new int[] {5, 9}, 0, 0, 1, 0, 60);
      assertEquals(3, client.stream(ask, 3, piece -> false).ids().length);
    }
  }

  @Test
  void anotherServerStandsInForOneThatIsDown() throws Exception {
    List<Ask> asks = TinyModel.asks(1, 13);
    Answer expected = model.generate(asks).get(0);
    try (ServingClient client = connect(freePort(), grpc(), "http://" + freePort())) {
      for (int i = 0; i < 4; i++) {
        ConformanceServerTest.assertSame(expected, client.generate(asks).get(0));
      }
    }
  }

  @Test
  void aRefusalIsToldWithItsCode() {
    for (String address : List.of(grpc(), server.url(""))) {
      try (ServingClient client = connect(address)) {
        ServerException e =
            assertThrows(
                ServerException.class,
                () -> client.generate(List.of(Ask.greedy(new int[] {1 << 20}, 1))));
        assertEquals(Status.Code.INVALID_ARGUMENT, e.code());
        assertTrue(e.getMessage().contains("vocabulary"), e.getMessage());
      }
    }
  }

  @Test
  void aMessageThatIsTooLargeIsToldApartFromAFullServer() {
    Ask large = Ask.greedy(new int[3 << 20], 1);
    for (String address : List.of(grpc(), server.url(""))) {
      try (ServingClient client = connect(address)) {
        ServerException e =
            assertThrows(ServerException.class, () -> client.generate(List.of(large)));
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, e.code());
      }
    }
  }

  @Test
  void nobodyThereIsUnavailableWhenTheTimeIsOver() throws Exception {
    for (String address : List.of(freePort(), "http://" + freePort())) {
      try (ServingClient client =
          ServingClient.connect(List.of(address), "tiny", Duration.ofMillis(300))) {
        ServerException e =
            assertThrows(ServerException.class, () -> client.generate(TinyModel.asks(1, 1)));
        assertTrue(
            e.code() == Status.Code.UNAVAILABLE || e.code() == Status.Code.DEADLINE_EXCEEDED,
            e.getMessage());
      }
    }
  }

  @Test
  void addressesAreChecked() {
    for (String address : List.of("host", "ftp://host:1", "host:port", "http://host/path")) {
      assertThrows(DataException.class, () -> connect(address));
    }
  }
}
