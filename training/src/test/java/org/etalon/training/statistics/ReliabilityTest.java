package org.etalon.training.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReliabilityTest {
  @Test
  void isTheMeanVerdictToThePowerOfTheClaims() {
    assertEquals(0.32768, Reliability.of(new boolean[] {true, true, false, true, true}), 1e-12);
    assertEquals(1, Reliability.of(new boolean[] {true, true, true}));
    assertEquals(0, Reliability.of(new boolean[] {false, false}));
    assertThrows(IllegalArgumentException.class, () -> Reliability.of(new boolean[0]));
  }

  @Test
  void oneReliableResponseOutvotesThreeDoubtfulOnes() {
    assertEquals("7", Reliability.vote(List.of("5", "7", "5", "5"), new double[] {.3, 1, .3, .3}));
    assertEquals("5", Reliability.vote(List.of("5", "7", "5", "5"), new double[] {.4, 1, .4, .4}));
  }

  @Test
  void equalSumsGoToTheFirstAnswer() {
    assertEquals("5", Reliability.vote(List.of("5", "7"), new double[] {0.5, 0.5}));
  }

  @Test
  void refusesAVoteWithoutAnswers() {
    assertThrows(IllegalArgumentException.class, () -> Reliability.vote(List.of(), new double[0]));
    assertThrows(
        IllegalArgumentException.class, () -> Reliability.vote(List.of("5"), new double[2]));
  }
}
