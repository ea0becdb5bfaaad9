package org.etalon.training.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.training.command.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchCommandTest {
  private static final List<String> PLAN =
      List.of(
          "--rows=2",
          "--prompts=2",
          "--group=2",
          "--prompt-tokens=8",
          "--shortest=4",
          "--longest=9");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void trainingRecordsCeilingsRoundsAndShares() throws IOException {
    JsonNode json = record("train", "--context=32", "--ceiling=64", "--trace");
    assertEquals(
        List.of(
            "benchmark",
            "etalon",
            "machine",
            "setting",
            "ceilings",
            "setup_seconds",
            "first_seconds",
            "warmup",
            "rounds",
            "seconds",
            "tokens_per_second",
            "gflops",
            "share_of_product",
            "outside_tensorflow",
            "loss",
            "grad_norm",
            "peak_bytes",
            "peak_of",
            "operations"),
        names(json));
    assertEquals(2, json.get("ceilings").size());
    assertEquals(List.of("median", "min", "max"), names(json.get("seconds")));
    assertEquals(Math.log(1024), json.get("loss").get("median").asDouble(), 0.1);
    assertTrue(
        json.get("operations").findValuesAsText("operation").stream()
            .anyMatch(name -> name.contains("MatMul")),
        json.get("operations").toString());
    assertTrue(json.get("outside_tensorflow").get("median").asDouble() < 1);
    assertTrue(json.get("peak_bytes").asLong() > 1 << 26);
  }

  @Test
  void aWrittenModelGivesTheLossOfTheShape() throws IOException {
    Path model = folder.resolve("m");
    double loss =
        record("train", "--context=32", "--ceiling=0", "--write-model=" + model)
            .get("warmup")
            .get(0)
            .get("loss")
            .asDouble();
    double again =
        record("train", "--context=32", "--ceiling=0", "--model=" + model)
            .get("warmup")
            .get(0)
            .get("loss")
            .asDouble();
    assertEquals(loss, again);
  }

  @Test
  void packedRowsAreNoLessWorkThanTheirDocuments() throws IOException {
    JsonNode json = record("train", "--context=32", "--documents=4", "--rows=2", "--ceiling=0");
    Flops flops = new Flops(NamedShapes.of("tiny"));
    assertEquals(8 * flops.training(8), json.get("rounds").get(0).get("flops").asDouble());
    assertEquals(64, json.get("rounds").get(0).get("tokens").asDouble());
  }

  @Test
  void decodingLeavesThePromptsRunOut() throws IOException {
    JsonNode json = record("decode", "--context=16", "--rows=3", "--tokens=12", "--ceiling=0");
    JsonNode round = json.get("rounds").get(0);
    assertTrue(round.get("tokens").asInt() < 36, round.toString());
    assertTrue(round.get("first_token_seconds").asDouble() > 0);
    assertTrue(json.has("gb_per_second"));
  }

  @Test
  void rolloutsGenerateThePlansTokens() throws IOException {
    Path requests = folder.resolve("requests.json");
    JsonNode json = record("rollout", "--ceiling=0", "--write-requests=" + requests);
    JsonNode plan = new ObjectMapper().readTree(requests.toFile());
    assertEquals(4, plan.get("lengths").size());
    int tokens = 0;
    for (JsonNode length : plan.get("lengths")) {
      tokens += length.asInt();
    }
    assertEquals(tokens, json.get("rounds").get(0).get("tokens").asInt());
  }

  @Test
  void aServersResponsesStandBesideTheEngines() throws IOException {
    JsonNode json =
        record(
            "serve",
            "--clients=2",
            "--requests=3",
            "--prompt-tokens=8",
            "--tokens=6",
            "--ceiling=0");
    JsonNode round = json.get("rounds").get(0);
    assertEquals(2 * 3 * 6, round.get("tokens").asInt());
    double middle = round.get("latency_p50_seconds").asDouble();
    double last = round.get("latency_p99_seconds").asDouble();
    assertTrue(middle > 0 && middle <= last, round.toString());
    assertTrue(last <= round.get("seconds").asDouble(), round.toString());
    assertTrue(round.get("session_seconds").asDouble() > 0, round.toString());
    assertEquals(
        round.get("engine_tokens_per_second").asDouble() * round.get("share_of_engine").asDouble(),
        round.get("tokens").asDouble() / round.get("seconds").asDouble(),
        1e-6 * round.get("engine_tokens_per_second").asDouble());
  }

  @Test
  void aPercentileIsTheNearestRank() {
    double[] rising = {1, 2, 3, 4};
    assertEquals(2, ServeWorkload.percentile(rising, 0.5));
    assertEquals(4, ServeWorkload.percentile(rising, 0.95));
    assertEquals(1, ServeWorkload.percentile(new double[] {1}, 0.5));
  }

  @Test
  void partsOfASignalStepAddUp() throws IOException {
    JsonNode json = record("rl", "--ceiling=0", "--products=f32", "--micro-rows=3");
    JsonNode round = json.get("rounds").get(0);
    double sum = 0;
    for (String part : List.of("rollout", "gradient", "update", "other")) {
      sum += round.get(part + "_seconds").asDouble();
    }
    assertEquals(round.get("seconds").asDouble(), sum, 1e-6);
    assertTrue(round.get("sampler_trainer_gap").asDouble() < 1e-5, round.toString());
  }

  @Test
  void attentionAndLossMeasureEachForm() throws IOException {
    JsonNode attention =
        record("attention", "--contexts=32,64", "--blocks=0,32", "--ceiling=0").get("points");
    assertEquals(List.of("in full", "in full", "blocks of 32"), texts(attention, "series"));
    JsonNode loss =
        record("loss", "--context=32", "--vocabularies=64,128", "--head-chunks=16", "--ceiling=0");
    assertEquals(2, loss.get("points").size());
    assertEquals(
        6.0 * 128 * 64 * 32,
        loss.get("points").get(1).get("rounds").get(0).get("flops").asDouble());
  }

  @Test
  void growthIsRecordedAndPlotted() throws IOException {
    Path page = folder.resolve("page.html");
    JsonNode json =
        record("train", "--growth", "--contexts=16,32,64", "--ceiling=0", "--html=" + page);
    assertEquals(3, json.get("points").size());
    assertTrue(json.get("points").get(2).get("predicted_peak_bytes").asDouble() > 0);
    String html = Files.readString(page);
    assertTrue(html.contains("<svg") && html.contains("predicted"), html);
  }

  @Test
  void badArgumentsNameTheOptionAndTheRemedy() {
    refused("--rounds: expected at least 1, got 0", "train", "--rounds=0");
    refused("--shape: expected tiny", "train", "--shape=huge");
    refused("--products: expected f32 or bf16, got int8", "decode", "--products=int8");
    refused("--recompute: recompute must be", "train", "--recompute=some");
    refused("--ceiling: expected 0 to 8192", "train", "--ceiling=-1");
    refused("--soak: expected at least 10", "train", "--soak=3");
    refused("multiple of --documents", "train", "--context=10", "--documents=3");
    refused("--contexts: expected rising", "train", "--growth", "--contexts=64,32");
    refused("--blocks: expected 0 or more", "attention", "--blocks=-1");
    refused("--head-chunks: expected at least 1", "loss", "--head-chunks=0");
    refused("--micro-rows: expected at least 1", "rl", "--micro-rows=0");
    refused("2 tokens a response", "decode", "--shape=tiny", "--tokens=1", "--ceiling=0");
    refused("--clients and --requests: expected at least 1", "serve", "--clients=0");
    refused("--xla must be off, pieces or on, got yes", "train", "--shape=tiny", "--xla=yes");
    refused("say what to measure");
  }

  private JsonNode record(String command, String... options) throws IOException {
    Path file = folder.resolve("record.json");
    Files.deleteIfExists(file);
    List<String> all = new ArrayList<>(List.of(command, "--json=" + file));
    if (command.equals("rl") || command.equals("rollout")) {
      all.addAll(PLAN);
    }
    all.addAll(List.of("--shape=tiny", "--rounds=1", "--warmup=0"));
    all.addAll(List.of(options));
    assertEquals(0, run(all), err.toString());
    return new ObjectMapper().readTree(file.toFile());
  }

  private void refused(String message, String... args) {
    err.getBuffer().setLength(0);
    assertEquals(2, run(List.of(args)), err.toString());
    assertTrue(err.toString().contains(message), err.toString());
  }

  private int run(List<String> args) {
    CommandLine bench = Commands.prepare(new CommandLine(new BenchCommand()));
    bench.setOut(new PrintWriter(out));
    bench.setErr(new PrintWriter(err));
    return bench.execute(args.toArray(String[]::new));
  }

  private static List<String> names(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode points, String field) {
    List<String> texts = new ArrayList<>();
    points.forEach(point -> texts.add(point.get(field).asText()));
    return texts;
  }
}
