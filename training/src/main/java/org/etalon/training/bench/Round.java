package org.etalon.training.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.training.run.ProcessMemory;

/**
 * One round as measured.
 *
 * @param work what it did
 * @param seconds wall clock
 * @param sessionSeconds of it within TensorFlow
 * @param resident bytes resident after it, 0 where the system does not say
 * @param values what else it gave, by name
 */
record Round(
    Work work, double seconds, double sessionSeconds, long resident, Map<String, Double> values) {
  Round(Work work, double seconds, double sessionSeconds, Map<String, Double> values) {
    this(work, seconds, sessionSeconds, ProcessMemory.resident(), values);
  }

  double tokensPerSecond() {
    return work.tokens() / seconds;
  }

  double gflops() {
    return work.flops() / seconds / 1e9;
  }

  double gigabytesPerSecond() {
    return work.bytes() / seconds / 1e9;
  }

  /** Share of the time that TensorFlow does not run: feeding, reading, Java. */
  double outside() {
    return 1 - sessionSeconds / seconds;
  }

  /** For the record. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seconds", seconds);
    json.put("session_seconds", sessionSeconds);
    json.put("tokens", work.tokens());
    json.put("flops", work.flops());
    json.put("bytes", work.bytes());
    json.put("resident_bytes", resident);
    json.putAll(values);
    return json;
  }
}
