package org.etalon.savedmodels.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.etalon.graph.decode.GenerateGraph;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many rows over servers that come, go and fail; a token depends on its seed and position alone.
 */
class FleetTest {
  private static final long VERSION = 3;
  private static final int STOP = 0;
  private static final int WINDOW = 40;
  private static final Fleet.Options OPTIONS =
      new Fleet.Options(4, 2, 5, Duration.ofSeconds(5), Duration.ofMinutes(1));
  private static final Fleet.Options IMPATIENT =
      new Fleet.Options(4, 2, 5, Duration.ofSeconds(5), Duration.ofMillis(300));

  private final ConcurrentLinkedQueue<String> log = new ConcurrentLinkedQueue<>();

  /** A server in memory. */
  private static class Fake implements FleetServer {
    final String name;
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger looks = new AtomicInteger();

    Fake(String name) {
      this.name = name;
    }

    @Override
    public String address() {
      return name;
    }

    @Override
    public Optional<String> lacks(long version, Duration timeout) {
      looks.incrementAndGet();
      return Optional.empty();
    }

    @Override
    public List<Answer> generate(List<Ask> asks, long version, Duration timeout) {
      requests.incrementAndGet();
      assertEquals(VERSION, version);
      assertTrue(asks.size() <= OPTIONS.rows());
      return asks.stream().map(FleetTest::answer).toList();
    }

    @Override
    public void close() {}
  }

  private static Answer answer(Ask ask) {
    List<Integer> ids = new ArrayList<>();
    int finish = GenerateGraph.LENGTH;
    int room = Math.min(ask.maxNewTokens(), WINDOW - ask.ids().length);
    for (int at = ask.ids().length; ids.size() < room && finish != GenerateGraph.STOP; at++) {
      int id = Math.floorMod(Long.hashCode(31 * ask.seed() + 17L * at), 23);
      ids.add(id);
      finish = id == STOP ? GenerateGraph.STOP : finish;
    }
    float[] logps = new float[ids.size()];
    for (int i = 0; i < logps.length; i++) {
      logps[i] = -ids.get(i);
    }
    return new Answer(ids.stream().mapToInt(Integer::intValue).toArray(), logps, finish);
  }

  private static List<Ask> asks() {
    List<Ask> asks = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      asks.add(new Ask(new int[1 + i % 30], 1, 0, 1, i, i % 27));
    }
    return asks;
  }

  private Fleet.Outcome generate(Fake... servers) {
    return generate(OPTIONS, servers);
  }

  private Fleet.Outcome generate(Fleet.Options options, Fake... servers) {
    try (Fleet fleet = new Fleet(List.of(servers), options, log::add)) {
      List<Ask> asks = asks();
      Fleet.Outcome outcome = fleet.generate(asks, VERSION, tokens -> {});
      for (int i = 0; i < asks.size(); i++) {
        Answer expected = answer(asks.get(i));
        Answer got = outcome.answers().get(i);
        assertArrayEquals(expected.ids(), got.ids(), "row " + i);
        assertArrayEquals(expected.logps(), got.logps());
        assertEquals(expected.finishReason(), got.finishReason());
      }
      return outcome;
    }
  }

  private static ServerException failure(String address, Status.Code code) {
    return new ServerException(address, code, "no", null);
  }

  @Test
  void rowsOfAllKindsComeBackInTheirOrder() {
    Fleet.Outcome outcome = generate(new Fake("a"), new Fake("b"), new Fake("c"));
    assertEquals(0, outcome.failures());
    assertTrue(outcome.requests() >= 60 / OPTIONS.rows(), "requests " + outcome.requests());
    assertEquals(List.of(), List.copyOf(log));
  }

  @Test
  void whatAServerFailsGoesToAnotherAndIsToldOf() {
    Fake dies =
        new Fake("dies") {
          @Override
          public Optional<String> lacks(long version, Duration timeout) {
            return requests.get() > 0 ? Optional.of("is gone") : Optional.empty();
          }

          @Override
          public List<Answer> generate(List<Ask> asks, long version, Duration timeout) {
            requests.incrementAndGet();
            throw failure("dies", Status.Code.UNAVAILABLE);
          }
        };
    Fake stays =
        new Fake("stays") {
          @Override
          public Optional<String> lacks(long version, Duration timeout) {
            // The other one takes rows first.
            return dies.requests.get() > 0 ? Optional.empty() : Optional.of("loads");
          }
        };
    Fleet.Outcome outcome = generate(dies, stays);
    assertEquals(1, outcome.servers());
    assertTrue(outcome.failures() > 0);
    String told = String.join("\n", log);
    assertTrue(told.contains("dies: UNAVAILABLE: no; its 4 rows are asked again"), told);
    assertTrue(told.contains("dies is left out: "), told);
  }

  @Test
  void aServerThatComesLateJoinsAndOneThatNeverComesKeepsNobodyWaiting() {
    Fake late =
        new Fake("late") {
          @Override
          public Optional<String> lacks(long version, Duration timeout) {
            return looks.incrementAndGet() < 3 ? Optional.of("loads") : Optional.empty();
          }
        };
    Fake never =
        new Fake("never") {
          @Override
          public Optional<String> lacks(long version, Duration timeout) {
            return Optional.of("UNAVAILABLE: refused");
          }
        };
    assertEquals(1, generate(late, never).servers());
    assertEquals(List.of("never is left out: UNAVAILABLE: refused"), List.copyOf(log));
  }

  @Test
  void aFleetThatIsDownIsNamedServerByServer() {
    Fake[] servers = new Fake[2];
    for (int i = 0; i < servers.length; i++) {
      String name = "s" + i;
      servers[i] =
          new Fake(name) {
            @Override
            public Optional<String> lacks(long version, Duration timeout) {
              return Optional.of("no " + name);
            }
          };
    }
    ServerException e = assertThrows(ServerException.class, () -> generate(IMPATIENT, servers));
    assertEquals(
        "fleet: UNAVAILABLE: no server answers with version 3: s0 (no s0), s1 (no s1)",
        e.getMessage());
  }

  @Test
  void serversThatOnlyFailEndTheCall() {
    Fake fails =
        new Fake("fails") {
          @Override
          public List<Answer> generate(List<Ask> asks, long version, Duration timeout) {
            requests.incrementAndGet();
            throw failure("fails", Status.Code.INTERNAL);
          }
        };
    ServerException e = assertThrows(ServerException.class, () -> generate(fails));
    assertTrue(e.getMessage().contains("fails: INTERNAL: no"), e.getMessage());
    assertTrue(fails.requests.get() >= 4 && fails.requests.get() < 10, "not for ever");
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"})
  void aRowThatIsWrongOrTooLargeIsNotAskedElsewhere(Status.Code code) {
    Fake refuses =
        new Fake("refuses") {
          @Override
          public List<Answer> generate(List<Ask> asks, long version, Duration timeout) {
            throw failure("refuses", code);
          }
        };
    ServerException e = assertThrows(ServerException.class, () -> generate(refuses));
    assertEquals(code, e.code());
  }
}
