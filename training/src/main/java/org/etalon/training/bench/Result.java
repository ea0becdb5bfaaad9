package org.etalon.training.bench;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.etalon.graph.WeightType;
import org.etalon.training.run.Version;
import org.etalon.training.statistics.Spread;

/**
 * What a benchmark gave, as a record and as text.
 *
 * @param name of the benchmark
 * @param setting the model, the options and the benchmark's own sizes
 * @param products how matrices were multiplied, which chooses the ceiling
 * @param times what came before the rounds
 * @param rounds at least one
 * @param memory most resident memory
 * @param ceilings those measured first and last; none or both
 * @param table time by operation, where it was asked for
 */
record Result(
    String name,
    Map<String, Object> setting,
    WeightType products,
    Times times,
    List<Round> rounds,
    Peak memory,
    List<Ceilings> ceilings,
    Optional<OperationTable> table) {

  /**
   * What came before the timed rounds.
   *
   * @param setUp seconds until the workload was there, weights included
   * @param untimed the first round, in which graphs are built and compiled, and those of warm-up
   */
  record Times(double setUp, List<Round> untimed) {}

  /**
   * Most resident memory.
   *
   * @param bytes 0 where the system does not say
   * @param ofRounds whether it is that of the rounds; otherwise that of the set-up is within
   */
  record Peak(long bytes, boolean ofRounds) {
    private String of() {
      return ofRounds ? "rounds" : "process";
    }
  }

  /** Medians and ranges by name. Shares are of the higher of both ceilings. */
  Map<String, Spread> spreads() {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    spreads.put("seconds", spread(Round::seconds));
    if (rounds.get(0).work().tokens() > 0) {
      spreads.put("tokens_per_second", spread(Round::tokensPerSecond));
    }
    boolean rounded = products == WeightType.BFLOAT16;
    double product = ceiling(rounded ? Ceilings::bfloat16 : Ceilings::float32);
    spreads.put("gflops", spread(Round::gflops));
    if (product > 0) {
      spreads.put("share_of_product", spread(Round::gflops).times(1 / product));
    }
    if (rounds.get(0).work().bytes() > 0) {
      spreads.put("gb_per_second", spread(Round::gigabytesPerSecond));
      double read = ceiling(Ceilings::read);
      if (read > 0) {
        spreads.put("share_of_read", spread(Round::gigabytesPerSecond).times(1 / read));
      }
    }
    spreads.put("outside_tensorflow", spread(Round::outside));
    for (String name : rounds.get(0).values().keySet()) {
      spreads.put(name, spread(round -> round.values().get(name)));
    }
    return spreads;
  }

  Spread spread(ToDoubleFunction<Round> what) {
    return Spread.of(rounds.stream().mapToDouble(what).boxed().toList());
  }

  private double ceiling(ToDoubleFunction<Ceilings> what) {
    return ceilings.stream().mapToDouble(what).max().orElse(0);
  }

  /** The whole record. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("benchmark", name);
    json.put("etalon", Version.current());
    json.put("machine", MachineFacts.collect());
    json.putAll(measured());
    return json;
  }

  /** The record without what is the same for every benchmark of this process. */
  Map<String, Object> measured() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("setting", setting);
    json.put("ceilings", ceilings.stream().map(Ceilings::json).toList());
    json.put("setup_seconds", times.setUp);
    json.put("first_seconds", times.untimed.get(0).seconds());
    json.put("warmup", times.untimed.stream().map(Round::json).toList());
    json.put("rounds", rounds.stream().map(Round::json).toList());
    spreads().forEach((key, spread) -> json.put(key, spread.json()));
    json.put("peak_bytes", memory.bytes);
    json.put("peak_of", memory.of());
    if (rounds.size() >= 10) {
      json.put("tenths", new Tenths(rounds).json());
    }
    table.ifPresent(t -> json.put("operations", t.json()));
    return json;
  }

  /** The same for people. */
  void print(PrintWriter out) {
    Map<String, Object> sizes = new LinkedHashMap<>(setting);
    sizes.values().removeIf(int[].class::isInstance);
    out.printf("%s: %s%n", name, sizes);
    for (Ceilings c : ceilings) {
      out.printf(
          Locale.ROOT,
          "  ceiling: product %.0f f32, %.0f bf16 GFLOP/s; read %.1f, update %.1f GB/s%n",
          c.float32(),
          c.bfloat16(),
          c.read(),
          c.update());
    }
    out.printf(
        Locale.ROOT,
        "  set-up %.1f s, first round %.2f s%n",
        times.setUp,
        times.untimed.get(0).seconds());
    spreads()
        .forEach(
            (key, spread) ->
                out.printf(
                    Locale.ROOT,
                    "  %-22s %12.6g  (%.6g to %.6g)%n",
                    key,
                    spread.median(),
                    spread.min(),
                    spread.max()));
    out.printf(Locale.ROOT, "  peak memory of the %s %.2f GB%n", memory.of(), memory.bytes / 1e9);
    table.ifPresent(t -> t.print(out));
    out.flush();
  }
}
