package org.etalon.training.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.etalon.training.statistics.Spread;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void medianIsTheMiddleOrTheMeanOfTheMiddleTwo() {
    assertEquals(new Spread(3, 1, 9), Spread.of(List.of(9.0, 1.0, 3.0)));
    assertEquals(new Spread(2.5, 1, 4), Spread.of(List.of(4.0, 1.0, 3.0, 2.0)));
    assertEquals(new Spread(6, 2, 18), Spread.of(List.of(9.0, 1.0, 3.0)).times(2));
    assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
  }

  @Test
  void steadyRoundsAreTold() {
    Tenths steady = new Tenths(rounds(i -> 1.0, i -> 1_000_000L + i));
    assertTrue(steady.steady());
    assertEquals(1, steady.slower());
  }

  @Test
  void slowerOrBiggerRoundsAreNotSteady() {
    Tenths slower = new Tenths(rounds(i -> 1 + 0.01 * i, i -> 1_000_000L));
    assertFalse(slower.steady());
    // Medians of rounds 90 to 99 and 10 to 19: the first tenth does not count.
    assertEquals(1.945 / 1.145, slower.slower(), 1e-12);
    assertFalse(new Tenths(rounds(i -> 1.0, i -> 1_000_000L + 1000L * i)).steady());
    assertTrue(new Tenths(rounds(i -> i < 10 ? 9.0 : 1.0, i -> 1_000_000L)).steady());
  }

  private static List<Round> rounds(IntToDoubleFunction seconds, IntToLongFunction bytes) {
    Work work = new Work(1, 1, 0);
    return IntStream.range(0, 100)
        .mapToObj(i -> new Round(work, seconds.applyAsDouble(i), 0, bytes.applyAsLong(i), Map.of()))
        .toList();
  }
}
