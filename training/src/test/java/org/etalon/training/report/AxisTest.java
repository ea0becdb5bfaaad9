package org.etalon.training.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void endsAndTicksAreRoundNumbers() {
    Axis axis = Axis.over(0.03, 0.87, 4);
    assertEquals(0, axis.min());
    assertEquals(1, axis.max(), 1e-12);
    assertEquals(List.of("0", "0.5", "1"), texts(axis));
    assertEquals(List.of("200", "400", "600"), texts(Axis.exactly(1, 600, 5)));
    assertEquals(List.of("-0.4", "-0.2", "0", "0.2"), texts(Axis.over(-0.35, 0.15, 4)));
  }

  @Test
  void rangeOfOneValueGetsAMargin() {
    Axis axis = Axis.over(5, 5, 4);
    assertTrue(axis.min() < 5 && axis.max() > 5);
    assertEquals(0.5, axis.position(5), 0.2);
    assertEquals(0.5, Axis.exactly(3, 3, 4).position(3));
    assertTrue(Axis.over(0, 0, 4).max() > 0);
  }

  @Test
  void numbersAreShort() {
    assertEquals("12800", Html.number(12800));
    assertEquals("5321.3", Html.number(5321.25));
    assertEquals("0.0015", Html.number(0.0015));
    assertEquals("0.729", Html.number(0.728785));
    assertEquals("2e-4", Html.number(0.0002));
    assertEquals("1.5e7", Html.number(1.5e7));
    assertEquals("–", Html.number(Double.NaN));
    assertEquals("37.0\u00a0%", Html.percent(0.37));
  }

  private static List<String> texts(Axis axis) {
    return axis.ticks().stream().map(Html::number).toList();
  }
}
