package org.etalon.graph.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CosineScheduleTest {
  private static final CosineSchedule SCHEDULE = new CosineSchedule(5e-5, 8e-8, 4, 15);

  @Test
  void warmUpRisesInEqualPartsToThePeakAndWastesNoStepAtZero() {
    for (int step = 0; step < 4; step++) {
      assertEquals(5e-5 * (step + 1) / 4, SCHEDULE.at(step), 1e-20);
    }
  }

  @Test
  void cosineFallsToTheFloorAtTheLastStep() {
    for (int step = 5; step < 15; step++) {
      assertTrue(SCHEDULE.at(step) < SCHEDULE.at(step - 1), "step " + step);
    }
    // Half of the ten steps after the peak: halfway down.
    assertEquals((5e-5 + 8e-8) / 2, SCHEDULE.at(9), 1e-18);
    assertEquals(8e-8, SCHEDULE.at(14), 1e-20);
  }

  @Test
  void rateStaysAtTheFloorAfterTheLastStep() {
    assertEquals(8e-8, SCHEDULE.at(1000), 1e-20);
  }

  @Test
  void withoutWarmUpTheFirstStepHasThePeak() {
    assertEquals(1e-3, new CosineSchedule(1e-3, 0, 0, 10).at(0), 1e-18);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, 5",
    "1, 2, 1, 5",
    "1, -1, 1, 5",
    "1, 0, -1, 5",
    "1, 0, 0, 0",
    "NaN, 0, 1, 5"
  })
  void schedulesThatCannotFallAreRefused(double peak, double floor, int warmup, int steps) {
    assertThrows(
        IllegalArgumentException.class, () -> new CosineSchedule(peak, floor, warmup, steps));
  }
}
