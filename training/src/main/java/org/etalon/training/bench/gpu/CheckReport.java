package org.etalon.training.bench.gpu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a check gave: one line of JSON.
 *
 * @param number its place in the order, from 1; the ceilings, measured again at the end, are 2
 * @param name what was checked
 * @param reason why it did not pass, or empty
 * @param seconds how long it took
 * @param values what was measured
 */
record CheckReport(
    int number,
    String name,
    Status status,
    String reason,
    double seconds,
    Map<String, Object> values) {
  private static final JsonMapper JSON = new JsonMapper();

  /** How it went. */
  enum Status {
    OK,
    SKIPPED,
    FAILED,
    NO_GPU;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  String json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("check", number);
    all.put("name", name);
    all.put("status", status.toString());
    if (!reason.isEmpty()) {
      all.put("reason", reason);
    }
    all.put("seconds", seconds);
    all.putAll(values);
    try {
      return JSON.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("values of a check must be writable", e);
    }
  }
}
