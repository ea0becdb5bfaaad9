package org.etalon.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("id", "rollouts", "learningRate", "rows");

  @ParameterizedTest
  @CsvSource({"rollout, rollouts", "ROLLOUTS, rollouts", "learning_rate, learningRate", "ids, id"})
  void slipsAreUnderstood(String slip, String meant) {
    assertEquals(Optional.of(meant), NearestName.of(slip, KNOWN));
  }

  @ParameterizedTest
  @CsvSource({"temperature", "xy", "''"})
  void otherNamesAreNot(String name) {
    assertEquals(Optional.empty(), NearestName.of(name, KNOWN));
  }

  @Test
  void nearestOfSeveralWins() {
    assertEquals(Optional.of("rows"), NearestName.of("row", List.of("rope", "rows")));
  }
}
