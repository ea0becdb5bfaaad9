package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightedSumTest {
  @Test
  void theSumBecomesTheWeights() {
    Map<String, float[]> first = SmallModel.UNTIED.weights();
    Map<String, float[]> second = new HashMap<>();
    first.forEach(
        (name, values) -> {
          float[] other = values.clone();
          for (int i = 0; i < other.length; i++) {
            other[i] = 3 * other[i] - i;
          }
          second.put(name, other);
        });
    try (Program program = SmallModel.UNTIED.program(Lowering.INLINE)) {
      WeightedSum sum = new WeightedSum(program);
      sum.add(0.3);
      program.load(second);
      sum.add(0.7);
      sum.assign();
      program
          .snapshot()
          .forEach(
              (name, values) -> {
                for (int i = 0; i < values.length; i++) {
                  float a = (float) (0.3 * first.get(name)[i]);
                  float b = (float) (0.7 * second.get(name)[i]);
                  assertEquals(a + b, values[i], name);
                }
              });
    }
  }
}
