package org.etalon.training.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.etalon.training.config.ProbeSettings;
import org.junit.jupiter.api.Test;

class ProbeTest {
  private static Probe.Row row(long step, double pass1, double passK) {
    return new Probe.Row(step, Map.of("algebra", new Probe.Rates(pass1, passK, 0, 1, 10)));
  }

  private static long choose(ProbeSettings.Metric metric, Probe.Row... rows) {
    return Probe.choose(List.of(rows), metric).get("algebra");
  }

  @Test
  void theSpecialistHasTheHighestPassAtK() {
    var metric = ProbeSettings.Metric.PASS_AT_K;
    assertEquals(200, choose(metric, row(100, 0.5, 0.6), row(200, 0.1, 0.9), row(300, 0.6, 0.8)));
  }

  @Test
  void equalPassAtKGoesToTheHigherPassAt1ThenToTheLater() {
    var metric = ProbeSettings.Metric.PASS_AT_K;
    assertEquals(100, choose(metric, row(100, 0.5, 0.9), row(200, 0.4, 0.9)));
    assertEquals(200, choose(metric, row(100, 0.4, 0.9), row(200, 0.4, 0.9)));
  }

  @Test
  void passAt1CanBeChosenInstead() {
    var metric = ProbeSettings.Metric.PASS_AT_1;
    assertEquals(300, choose(metric, row(100, 0.5, 0.6), row(200, 0.1, 0.9), row(300, 0.6, 0.8)));
  }
}
