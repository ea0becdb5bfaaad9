package org.etalon.data.benchmark;

import org.etalon.data.DataException;
import org.etalon.data.problem.Kind;

/**
 * How a benchmark is asked, sampled and graded.
 *
 * @param name as commands and configurations call it, e.g. {@code aime24}
 * @param title as tables show it
 * @param kind of its answers
 * @param wording what is asked besides the question
 * @param samples responses per problem, averaged
 * @param temperature of sampling; 0 is greedy
 * @param topP nucleus mass
 * @param maxNewTokens longest response, tokens
 * @param problems how many the whole benchmark has; 0 = unknown
 * @param source where problems and settings come from
 */
public record Benchmark(
    String name,
    String title,
    Kind kind,
    Wording wording,
    int samples,
    double temperature,
    double topP,
    int maxNewTokens,
    int problems,
    String source) {
  public Benchmark {
    check(name, name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"), "a name of letters, digits, . _ -");
    check(name, samples >= 1, "at least 1 sample a problem, got " + samples);
    check(
        name,
        temperature >= 0 && temperature <= 100,
        "a temperature from 0 to 100, got " + temperature);
    check(name, topP > 0 && topP <= 1, "a nucleus mass in (0, 1], got " + topP);
    check(name, maxNewTokens >= 1, "at least 1 new token, got " + maxNewTokens);
  }

  private static void check(String name, boolean holds, String expected) {
    if (!holds) {
      throw new DataException("benchmark " + name + ": expected " + expected + "; correct it");
    }
  }

  /** This benchmark with another number of samples. */
  public Benchmark withSamples(int other) {
    return new Benchmark(
        name, title, kind, wording, other, temperature, topP, maxNewTokens, problems, source);
  }

  /** This benchmark with other sampling. */
  public Benchmark withSampling(double otherTemperature, double otherTopP) {
    return new Benchmark(
        name,
        title,
        kind,
        wording,
        samples,
        otherTemperature,
        otherTopP,
        maxNewTokens,
        problems,
        source);
  }

  /** This benchmark with another longest response, tokens. */
  public Benchmark withMaxNewTokens(int other) {
    return new Benchmark(
        name, title, kind, wording, samples, temperature, topP, other, problems, source);
  }

  /** This benchmark asked in other words. */
  public Benchmark withWording(Wording other) {
    return new Benchmark(
        name, title, kind, other, samples, temperature, topP, maxNewTokens, problems, source);
  }
}
