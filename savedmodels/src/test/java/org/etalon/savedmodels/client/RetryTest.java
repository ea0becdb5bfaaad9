package org.etalon.savedmodels.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
  private final List<String> asked = new ArrayList<>();
  private final List<Long> waits = new ArrayList<>();
  private final Retry<String> retry = new Retry<>(List.of("a", "b", "c"), waits::add);

  private static ServerException failure(Status.Code code) {
    return new ServerException("test", code, "no", null);
  }

  private String call(Status.Code code, int failures) {
    return retry.call(
        Duration.ofMinutes(1),
        (server, left) -> {
          asked.add(server);
          if (asked.size() <= failures) {
            throw failure(code);
          }
          return server;
        });
  }

  @Test
  void serversTakeTurns() {
    assertEquals("a", call(Status.Code.OK, 0));
    assertEquals("b", call(Status.Code.OK, 0));
    assertEquals("c", call(Status.Code.OK, 0));
    assertEquals("a", call(Status.Code.OK, 0));
  }

  @Test
  void aServerThatIsDownIsPassedOverAtOnce() {
    assertEquals("b", call(Status.Code.UNAVAILABLE, 1));
    assertEquals(List.of(0L), waits);
  }

  @Test
  void roundsAreWaitedAfterWithRisingBounds() {
    call(Status.Code.UNAVAILABLE, 21);
    assertEquals(List.of("a", "b", "c", "a"), asked.subList(0, 4));
    for (int i = 0; i < waits.size(); i++) {
      long bound = (i + 1) % 3 == 0 ? Math.min(50L << (i / 3), 2000) : 0;
      assertTrue(waits.get(i) >= 0 && waits.get(i) <= bound, "wait " + i + ": " + waits.get(i));
    }
    assertTrue(waits.stream().anyMatch(wait -> wait > 0));
  }

  @Test
  void aWrongRequestIsNotSentAgain() {
    for (Status.Code code :
        List.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.NOT_FOUND,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.INTERNAL,
            Status.Code.DEADLINE_EXCEEDED)) {
      asked.clear();
      ServerException e = assertThrows(ServerException.class, () -> call(code, 9));
      assertEquals(code, e.code());
      assertEquals(1, asked.size());
    }
  }

  @Test
  void theTimeIsForAllAttemptsTogether() {
    List<Duration> left = new ArrayList<>();
    assertThrows(
        ServerException.class,
        () ->
            new Retry<>(List.of("a"), Thread::sleep)
                .call(
                    Duration.ofMillis(100),
                    (server, rest) -> {
                      left.add(rest);
                      throw failure(Status.Code.UNAVAILABLE);
                    }));
    for (int i = 1; i < left.size(); i++) {
      assertTrue(left.get(i).compareTo(left.get(i - 1)) < 0);
    }
  }
}
