package org.etalon.training.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;

class FuseTest {
  private static final Map<String, Long> SPECIALISTS =
      Map.of("geometry", 200L, "algebra", 100L, "calculus", 200L);

  @Test
  void weightsAreEqualUnlessGivenInAlphabeticalOrder() {
    assertEquals(1.0 / 3, Fuse.weights(SPECIALISTS, List.of()).get("calculus"));
    assertEquals(
        Map.of("algebra", 0.5, "calculus", 0.2, "geometry", 0.3),
        Fuse.weights(SPECIALISTS, List.of(0.5, 0.2, 0.3)));
  }

  @Test
  void weightsThatDoNotFitAreRefused() {
    var count =
        assertThrows(DataException.class, () -> Fuse.weights(SPECIALISTS, List.of(0.5, 0.5)));
    assertTrue(count.getMessage().contains("fuse.weights"), count.getMessage());
    var sum =
        assertThrows(DataException.class, () -> Fuse.weights(SPECIALISTS, List.of(0.5, 0.2, 0.2)));
    assertTrue(sum.getMessage().contains("sum to 1"), sum.getMessage());
  }
}
