package org.etalon.training.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.etalon.data.manifest.Manifest;
import org.etalon.training.report.BenchmarkResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** etalon eval on a small random model. */
class EvalCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int WINDOW = 96;
  private static final int PROBLEMS = 12;
  private static final int MOST_SECONDS = 240;

  @TempDir static Path folder;
  private static Path model;
  private static Path problems;
  private static Path whole;
  private static String table;

  @BeforeAll
  static void evaluateOnce() throws IOException {
    model = folder.resolve("small-model");
    SmallModel.write(model, WINDOW, 3);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < PROBLEMS; i++) {
      // The fifth does not fit the window.
      String prompt = i == 4 ? "12 ".repeat(WINDOW) : "What is " + i + "+2?";
      lines.add(
          "{\"id\": \"p%d\", \"prompt\": \"%s\", \"answer\": \"%d\"}".formatted(i, prompt, i + 2));
    }
    problems = Files.write(folder.resolve("mine.jsonl"), lines);
    whole = folder.resolve("whole");
    table = run(0, arguments(whole));
  }

  private static String[] arguments(Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "eval",
                "--quiet",
                "--model",
                model + "",
                "--benchmark",
                "mine=" + problems,
                "--out",
                out + "",
                "--samples",
                "3",
                "--max-new-tokens",
                "20",
                "--slots",
                "4",
                "--set",
                "grader.requireBoxed=false",
                "--set",
                "eval.bootstrapSamples=200"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  /** What a command prints: to standard output if it succeeds, else to standard error. */
  private static String run(int exit, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine etalon = Etalon.commandLine();
    etalon.setOut(new PrintWriter(out, true));
    etalon.setErr(new PrintWriter(err, true));
    assertEquals(exit, etalon.execute(args), err.toString());
    return exit == 0 ? out.toString() : err.toString();
  }

  private static List<JsonNode> samples(Path out) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("mine/samples.jsonl"))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static void assertSame(Path out) throws IOException {
    for (String file : List.of("mine/samples.jsonl", "mine/result.json", "table.txt")) {
      assertArrayEquals(
          Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(out.resolve(file)), file);
    }
    Manifest.verify(out);
  }

  @Test
  void everySampleIsWrittenInOrder() throws IOException {
    List<JsonNode> lines = samples(whole);
    assertEquals(3 * PROBLEMS, lines.size());
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = lines.get(i);
      assertEquals("p" + i / 3, line.get("id").asText());
      assertEquals(i % 3, line.get("sample").asInt());
      assertEquals(i, line.get("sequence").asLong());
      assertEquals(Integer.toString(i / 3 + 2), line.get("answer").asText());
      int tokens = line.get("tokens").asInt();
      assertTrue(i / 3 == 4 ? tokens == 0 : tokens >= 1 && tokens <= 20, line.toString());
    }
    assertEquals(
        List.of(PROBLEMS, 3, 1),
        List.of(
            BenchmarkResult.read(whole.resolve("mine")).problems(),
            BenchmarkResult.read(whole.resolve("mine")).sampling().samples(),
            BenchmarkResult.read(whole.resolve("mine")).promptsTooLong()));
  }

  @Test
  void figuresAreThoseOfTheSamples() throws IOException {
    BenchmarkResult result = BenchmarkResult.read(whole.resolve("mine"));
    List<JsonNode> lines = samples(whole);
    double right = lines.stream().filter(l -> l.get("correct").asBoolean()).count();
    assertEquals(right / lines.size(), result.average().value(), 1e-12);
    double solved =
        lines.stream()
            .filter(l -> l.get("correct").asBoolean())
            .map(l -> l.get("id").asText())
            .distinct()
            .count();
    assertEquals(solved / PROBLEMS, result.passAtK().get(3).value(), 1e-12);
    assertEquals(List.of(1, 2, 3), List.copyOf(result.passAtK().keySet()));
    assertEquals(List.of(1, 2, 3), List.copyOf(result.consAtK().keySet()));
    double cut = lines.stream().filter(l -> l.get("finish").asText().equals("length")).count();
    assertEquals(cut / lines.size(), result.truncated().value(), 1e-12);
  }

  @Test
  void theTableSaysWhatDoesNotCount() throws IOException {
    assertEquals(Files.readString(whole.resolve("table.txt")), table);
    assertTrue(table.lines().toList().get(1).startsWith("small-model"), table);
    assertTrue(table.contains("mine: 1 prompts do not fit the window and count as wrong"), table);
    assertFalse(table.contains("arXiv"), "the paper has no such benchmark");
  }

  @Test
  void runningAgainChangesNothingAndMoreCanBeAdded() throws IOException {
    Path out = folder.resolve("again");
    run(0, arguments(out));
    var time = Files.getLastModifiedTime(out.resolve("mine/samples.jsonl"));
    run(0, arguments(out));
    assertSame(out);
    assertEquals(time, Files.getLastModifiedTime(out.resolve("mine/samples.jsonl")));
    String both = run(0, arguments(out, "--benchmark", "aime24=" + problems, "--problems", "0"));
    assertPapersRowsAreBelow(both);
    assertTrue(both.contains("AIME24: samples 3 instead of 64"), both);
    assertTrue(both.contains("problems 12 instead of 30"), both);
    assertArrayEquals(
        Files.readAllBytes(whole.resolve("mine/samples.jsonl")),
        Files.readAllBytes(out.resolve("mine/samples.jsonl")));
    assertTrue(Files.readString(out.resolve("aime24/samples.jsonl")).contains("step by step"));
  }

  private static void assertPapersRowsAreBelow(String table) {
    List<String> lines = table.lines().toList();
    int own = -1;
    for (int i = 0; i < lines.size(); i++) {
      own = lines.get(i).matches("small-model .*M +[0-9.]+ +–.*") ? i : own;
    }
    assertTrue(own > 0, table);
    assertTrue(lines.indexOf("arXiv 2511.06221, table 2: small reasoning models") > own, table);
    String paper = "VibeThinker-1.5B +1.5B +80.3 +74.4 +50.4 +95.0 +55.9 +51.1 +46.7";
    assertTrue(lines.stream().anyMatch(line -> line.matches(paper)), table);
  }

  /** Whatever a crash leaves of the samples, what is complete stays and the rest is drawn again. */
  @Test
  void samplesThatWereCutGoOnBitForBit() throws IOException {
    byte[] all = Files.readAllBytes(whole.resolve("mine/samples.jsonl"));
    for (int kept : List.of(17, all.length / 2, all.length - 1)) {
      Path out = folder.resolve("cut-" + kept);
      Path file = out.resolve("mine/samples.jsonl");
      Files.createDirectories(file.getParent());
      Files.copy(whole.resolve("mine/plan.json"), out.resolve("mine/plan.json"));
      Files.write(file, Arrays.copyOf(all, kept));
      run(0, arguments(out));
      assertSame(out);
    }
  }

  @Test
  void aKilledEvaluationGoesOnBitForBit() throws Exception {
    Path out = folder.resolve("killed");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Etalon.class.getName()));
    command.addAll(List.of(arguments(out)));
    Path log = folder.resolve("killed.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Path file = out.resolve("mine/samples.jsonl");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!Files.exists(file) || Files.size(file) == 0) {
      assertTrue(process.isAlive() && System.nanoTime() < end, Files.readString(log));
      Thread.sleep(2);
    }
    process.destroyForcibly().waitFor();
    run(0, arguments(out));
    assertSame(out);
  }

  @Test
  void whatHasChangedIsNamedAndNothingIsLost() throws IOException {
    Path out = folder.resolve("changed");
    run(0, arguments(out));
    byte[] before = Files.readAllBytes(out.resolve("mine/samples.jsonl"));
    assertTrue(run(2, arguments(out, "--seed", "7")).contains("seed (1 there, 7 here)"));
    assertTrue(
        run(2, arguments(out, "--temperature", "0.5"))
            .contains("temperature (1.0 there, 0.5 here)"));
    Path other = Files.write(folder.resolve("other.jsonl"), Files.readAllLines(problems));
    Files.writeString(other, Files.readString(other).replace("+2?", "+2 ?"));
    String[] arguments = arguments(out);
    arguments[5] = "mine=" + other;
    assertTrue(run(2, arguments).contains("benchmark file has changed"));
    Path another = folder.resolve("another-model");
    SmallModel.write(another, WINDOW, 4);
    arguments = arguments(out);
    arguments[3] = another.toString();
    assertTrue(run(2, arguments).contains("model has changed"));
    assertArrayEquals(before, Files.readAllBytes(out.resolve("mine/samples.jsonl")));
    before[before.length / 2] ^= 1;
    Files.write(out.resolve("mine/samples.jsonl"), before);
    assertTrue(run(2, arguments(out)).contains("samples.jsonl is damaged"));
  }

  @Test
  void aLineThatIsNoSampleIsNamed() throws IOException {
    Path out = folder.resolve("foreign-line");
    Path file = out.resolve("mine/samples.jsonl");
    Files.createDirectories(file.getParent());
    Files.copy(whole.resolve("mine/plan.json"), out.resolve("mine/plan.json"));
    Files.writeString(file, "{\"id\": \"p0\"}\n");
    assertTrue(run(2, arguments(out)).contains("samples.jsonl:1: not a sample"));
    List<String> lines = Files.readAllLines(whole.resolve("mine/samples.jsonl"));
    Files.write(file, List.of(lines.get(0), lines.get(2)));
    String err = run(2, arguments(out));
    assertTrue(err.contains("samples.jsonl:2: expected sample 1 of p0, got sample 2 of p0"), err);
  }

  @Test
  void badArgumentsAreExplained() throws IOException {
    String out = folder.resolve("never").toString();
    assertTrue(run(2, "eval", "--model", model + "", "--out", out).contains("go together"));
    assertTrue(run(2, "eval", "--samples", "4", "--out", out).contains("go with --model"));
    String[] start = {"eval", "--quiet", "--model", model + "", "--out", out, "--benchmark"};
    for (String[] wrong :
        new String[][] {
          {"aime24", "expected NAME=FILE"},
          {"aime24=" + folder + "/none.jsonl", "none.jsonl"},
          {"a/b=" + problems, "a name of letters"},
        }) {
      String[] arguments = Arrays.copyOf(start, start.length + 1);
      arguments[start.length] = wrong[0];
      String err = run(2, arguments);
      assertEquals(1, err.lines().count(), err);
      assertTrue(err.contains(wrong[1]), err);
    }
    String twice = run(2, arguments(Path.of(out), "--benchmark", "mine=" + problems));
    assertTrue(twice.contains("benchmark mine is given twice"), twice);
    assertTrue(run(2, arguments(Path.of(out), "--samples", "0")).contains("--samples"), "");
    assertFalse(Files.exists(Path.of(out)));
    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("precious.txt"), "mine");
    assertTrue(run(2, arguments(foreign)).contains("precious.txt"));
    assertEquals("mine", Files.readString(foreign.resolve("precious.txt")));
  }
}
