package org.etalon.training.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.benchmark.Benchmark;
import org.etalon.data.benchmark.Benchmarks;
import org.etalon.data.benchmark.Wording;

/**
 * A benchmark that the evaluation of a run includes: an element of {@code eval.benchmarks}. Only
 * {@code name} and {@code file} are needed; what is left out is as the benchmark has it.
 *
 * @param name a shipped benchmark, or any other for a file asked as it is
 * @param file the user's file of it
 * @param wording what is asked besides the question; empty = the benchmark's
 * @param samples responses per problem; 0 = the benchmark's
 * @param temperature sampling temperature; negative = the benchmark's
 * @param topP nucleus mass; 0 = the benchmark's
 * @param maxNewTokens longest response in tokens; 0 = the benchmark's
 * @param problems the first ones only; 0 = all
 */
public record BenchmarkSettings(
    String name,
    String file,
    String wording,
    int samples,
    double temperature,
    double topP,
    int maxNewTokens,
    int problems) {
  private static final String KEY = "eval.benchmarks";
  private static final List<String> TEXTS = List.of("name", "file", "wording");
  private static final List<String> NUMBERS =
      List.of("samples", "temperature", "topP", "maxNewTokens", "problems");

  public BenchmarkSettings {
    Check.notBlank(KEY, "name of a benchmark", name);
    Check.notBlank(KEY, "file of benchmark " + name, file);
    Check.atLeast(KEY, "samples (0 = the benchmark's)", samples, 0);
    Check.atLeast(KEY, "longest response in tokens (0 = the benchmark's)", maxNewTokens, 0);
    Check.atLeast(KEY, "problems (0 = all)", problems, 0);
    Check.that(
        wording.isEmpty() || Wording.of(wording).isPresent(),
        KEY,
        "wording must be none, box, choice or program, got " + wording);
  }

  /** Reads an element with some of the keys. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static BenchmarkSettings of(JsonNode element) {
    Check.that(element.isObject(), KEY, KEY + " must be a list of {name, file}, got " + element);
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : element.properties()) {
      String key = field.getKey();
      JsonNode value = field.getValue();
      if (TEXTS.contains(key)) {
        Check.that(value.isTextual() || value.isNumber(), KEY, key + " must be text, got " + value);
        texts.put(key, value.asText());
      } else {
        Check.that(NUMBERS.contains(key), KEY, unknown(key));
        boolean fraction = key.equals("temperature") || key.equals("topP");
        boolean whole = value.isIntegralNumber() && value.canConvertToInt();
        Check.that(
            fraction ? value.isNumber() : whole,
            KEY,
            key + (fraction ? " must be a number, got " : " must be a whole number, got ") + value);
        numbers.put(key, value.asDouble());
      }
    }
    return new BenchmarkSettings(
        texts.getOrDefault("name", ""),
        texts.getOrDefault("file", ""),
        texts.getOrDefault("wording", ""),
        numbers.getOrDefault("samples", 0.0).intValue(),
        numbers.getOrDefault("temperature", -1.0),
        numbers.getOrDefault("topP", 0.0),
        numbers.getOrDefault("maxNewTokens", 0.0).intValue(),
        numbers.getOrDefault("problems", 0.0).intValue());
  }

  private static String unknown(String key) {
    List<String> known = Stream.of(TEXTS, NUMBERS).flatMap(List::stream).toList();
    Optional<String> near = Nearest.to(key, known);
    return "unknown key "
        + key
        + near.map(k -> "; did you mean " + k + "?").orElse("; known are " + known);
  }

  /** The benchmark with these settings. */
  public Benchmark benchmark() {
    try {
      Benchmark b = Benchmarks.namedOrOwn(name);
      b = samples == 0 ? b : b.withSamples(samples);
      b = maxNewTokens == 0 ? b : b.withMaxNewTokens(maxNewTokens);
      b = wording.isEmpty() ? b : b.withWording(Wording.of(wording).orElseThrow());
      return b.withSampling(
          temperature < 0 ? b.temperature() : temperature, topP == 0 ? b.topP() : topP);
    } catch (DataException e) {
      throw new InvalidSettingException(KEY, e.getMessage());
    }
  }
}
