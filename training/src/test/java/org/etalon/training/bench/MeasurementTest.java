package org.etalon.training.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.graph.WeightType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MeasurementTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();

  @Test
  void firstRoundAndWarmUpAreNotCounted() throws IOException {
    Path file = folder.resolve("r.json");
    FakeWorkload fake = new FakeWorkload(2);
    measurement("", "--rounds", "3", "--warmup", "2", "--json", file.toString()).run(() -> fake);
    assertEquals(6, fake.rounds());
    assertTrue(fake.closed());
    JsonNode json = JSON.readTree(file.toFile());
    assertEquals(3, json.get("warmup").size());
    assertEquals(3, json.get("rounds").size());
    assertEquals(4.0, json.get("round").get("min").asDouble());
    assertEquals(5.0, json.get("tokens_per_second").get("median").asDouble());
    assertEquals(2.0, json.get("gflops").get("median").asDouble());
    assertEquals(1.0, json.get("gb_per_second").get("median").asDouble());
    assertEquals(0.5, json.get("outside_tensorflow").get("median").asDouble());
    assertEquals(7, json.get("setting").get("context").asInt());
    assertEquals(0, json.get("ceilings").size());
    assertFalse(json.has("share_of_product"));
  }

  @Test
  void sharesAreOfTheHigherCeilingOfBoth() {
    Work work = new Work(0, 4e9, 2e9);
    var result =
        new Result(
            "x",
            Map.of(),
            WeightType.BFLOAT16,
            new Result.Times(0, List.of()),
            List.of(new Round(work, 1, 1, 0, Map.of())),
            new Result.Peak(0, true),
            List.of(new Ceilings(1, 8, 4, 1), new Ceilings(1, 5, 10, 1)),
            Optional.empty());
    assertEquals(0.5, result.spreads().get("share_of_product").median());
    assertEquals(0.2, result.spreads().get("share_of_read").median());
  }

  @Test
  void anotherProgramAsksForRounds() throws IOException {
    FakeWorkload fake = new FakeWorkload(2);
    measurement("round\nround\nend\nround\n", "--serve").run(() -> fake);
    List<String> lines = out.toString().lines().toList();
    assertEquals(4, lines.size());
    assertEquals(2, JSON.readTree(lines.get(0)).get("ready").size());
    assertEquals(2.0, JSON.readTree(lines.get(1)).get("seconds").asDouble());
    JsonNode result = JSON.readTree(lines.get(3)).get("result");
    assertEquals(2, result.get("rounds").size());
    assertEquals(4, fake.rounds());
  }

  @Test
  void anUnknownCommandAndNoRoundAreRefused() {
    var unknown = measurement("step\n", "--serve");
    assertThrows(DataException.class, () -> unknown.run(() -> new FakeWorkload(2)));
    var none = measurement("", "--serve");
    assertThrows(DataException.class, () -> none.run(() -> new FakeWorkload(2)));
  }

  @Test
  void soakingPrintsTenths() {
    measurement("", "--soak", "20").run(() -> new FakeWorkload(2));
    assertTrue(out.toString().contains("tenth   median s"), out.toString());
  }

  @Test
  void aSeriesEndsBeforeItWouldTakeTooLong() {
    List<Double> opened = new ArrayList<>();
    List<Sweep.Point> plan = new ArrayList<>();
    for (double x : new double[] {1, 2, 4, 8}) {
      plan.add(
          new Sweep.Point(
              "a",
              x,
              x * x,
              () -> {
                opened.add(x);
                return new FakeWorkload(x * x);
              }));
    }
    plan.add(new Sweep.Point("b", 1, 1, () -> new FakeWorkload(1)));
    List<Sweep.Measured> points = measurement("").sweep(plan, 16);
    assertEquals(List.of(1.0, 2.0, 4.0), opened);
    assertEquals(4, points.size());
    assertEquals(16, points.get(2).predictedSeconds());
    assertTrue(out.toString().contains("a ends before 8: a round would take 64 s"), out.toString());
  }

  @Test
  void aSeriesGrowsAtTheRateOfTheOneThatPacesIt() {
    List<Sweep.Point> plan =
        List.of(
            new Sweep.Point("fast", 1, 10, () -> new FakeWorkload(5)),
            new Sweep.Point("slow", 1, 20, "fast", () -> new FakeWorkload(30)),
            new Sweep.Point("slow", 2, 40, "fast", () -> new FakeWorkload(41)));
    List<Sweep.Measured> points = measurement("").sweep(plan, 100);
    assertEquals(30, points.get(1).predictedSeconds());
    assertEquals(30 + 20 * 0.5, points.get(2).predictedSeconds());
  }

  private Measurement measurement(String in, String... options) {
    return new Measurement(
        "fake",
        CommandLine.populateCommand(new BenchOptions(), with(options)),
        new PrintWriter(out),
        new ByteArrayInputStream(in.getBytes(UTF_8)));
  }

  private static String[] with(String... options) {
    List<String> all = new ArrayList<>(List.of("--shape", "tiny", "--ceiling", "0"));
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }
}
