package org.etalon.training.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One round as measured.
 *
 * @param seconds wall clock
 * @param sessionSeconds of it within TensorFlow
 * @param values what else the round gave, by name
 */
record Round(double seconds, double sessionSeconds, Map<String, Double> values) {
  /** For the record. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds", seconds);
    json.put("session_seconds", sessionSeconds);
    json.putAll(values);
    return json;
  }
}
