package org.etalon.training.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.primitives.Ints;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.etalon.data.text.ChatTemplate;
import org.etalon.data.text.TokenizerFile;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Sampling;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.training.generate.Chat;
import org.etalon.training.generate.LocalSpeaker;
import org.etalon.training.generate.Speaker;
import org.etalon.training.policy.Policy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** generate, score, import and export on a small random model. */
class ModelCommandsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int WINDOW = 64;

  @TempDir static Path folder;
  private static Path model;

  @BeforeAll
  static void writeModel() {
    model = folder.resolve("model");
    SmallModel.write(model, WINDOW, 3);
  }

  private static String run(int exit, String... args) {
    StringWriter err = new StringWriter();
    CommandLine etalon = Etalon.commandLine();
    etalon.setErr(new PrintWriter(err, true));
    assertEquals(exit, etalon.execute(args), err.toString());
    return err.toString();
  }

  private static Path write(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static List<JsonNode> generate(Path input, String... more) throws IOException {
    Path output = Files.createTempFile(folder, "out", ".jsonl");
    List<String> args =
        new ArrayList<>(
            List.of(
                "generate",
                "--model",
                model + "",
                "--input",
                input + "",
                "--output",
                output + "",
                "--force"));
    args.addAll(List.of(more));
    if (!args.contains("--max-new-tokens")) {
      args.addAll(List.of("--max-new-tokens", "20"));
    }
    run(0, args.toArray(String[]::new));
    return read(output);
  }

  private static List<JsonNode> read(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  private static int[] ids(JsonNode line) {
    return JSON.convertValue(line.get("ids"), int[].class);
  }

  @Test
  void promptMessagesAndIdsOfOneTextGiveOneAnswer() throws IOException {
    String ids;
    try (TokenizerFile tokenizer = TokenizerFile.builtin()) {
      ids = JSON.writeValueAsString(ChatTemplate.chatMl(tokenizer).prompt("What is 2+3?"));
    }
    Path input =
        write(
            "forms.jsonl",
            "{\"id\": \"a\", \"prompt\": \"What is 2+3?\"}",
            "{\"messages\": [{\"role\": \"user\", \"content\": \"What is 2+3?\"}]}",
            "{\"id\": \"c\", \"ids\": " + ids + "}");
    List<JsonNode> lines = generate(input, "--greedy");
    assertEquals(
        List.of("a", "line-2", "c"), lines.stream().map(l -> l.get("id").asText()).toList());
    assertTrue(ids(lines.get(0)).length > 0);
    assertArrayEquals(ids(lines.get(0)), ids(lines.get(1)));
    assertArrayEquals(ids(lines.get(0)), ids(lines.get(2)));
    assertTrue(List.of("stop", "length").contains(lines.get(0).get("finish_reason").asText()));
  }

  @Test
  void samplesDependOnTheSeedAndNotOnTheSlots() throws IOException {
    Path input = write("two.jsonl", "{\"prompt\": \"one\"}", "{\"prompt\": \"two, longer\"}");
    List<JsonNode> few = generate(input, "--n", "3", "--slots", "2", "--seed", "5");
    List<JsonNode> many = generate(input, "--n", "3", "--slots", "24", "--seed", "5");
    List<JsonNode> other = generate(input, "--n", "3", "--slots", "24", "--seed", "6");
    assertEquals(6, few.size());
    boolean differs = false;
    for (int i = 0; i < 6; i++) {
      assertEquals(i % 3, few.get(i).get("sample").asInt());
      assertArrayEquals(ids(few.get(i)), ids(many.get(i)));
      differs |= !few.get(i).get("ids").equals(other.get(i).get("ids"));
    }
    assertTrue(differs);
  }

  private static List<String> chat(String... lines) throws IOException {
    var out = new ByteArrayOutputStream();
    try (Policy policy = Policy.open(model, ExecutionOptions.defaults());
        var in = new BufferedReader(new StringReader(String.join("\n", lines)))) {
      Speaker speaker = new LocalSpeaker(policy, Sampling.greedy(), 6);
      new Chat(speaker, new PrintStream(out, true, UTF_8)).run(in, "");
    }
    return out.toString(UTF_8).lines().toList();
  }

  @Test
  void chatGoesOnWithWhatWasSaid() throws IOException {
    String first = "{\"role\": \"user\", \"content\": \"ab\"}";
    List<String> once = chat("ab");
    assertEquals(1, once.size());
    String answer = JSON.writeValueAsString(once.get(0));
    Path input =
        write(
            "turns.jsonl",
            "{\"messages\": [" + first + "]}",
            "{\"messages\": ["
                + first
                + ", {\"role\": \"assistant\", \"content\": "
                + answer
                + "}, {\"role\": \"user\", \"content\": \"cd\"}]}",
            "{\"messages\": [{\"role\": \"system\", \"content\": \"x\"}, " + first + "]}");
    List<String> expected =
        generate(input, "--greedy", "--max-new-tokens", "6").stream()
            .map(line -> line.get("text").asText())
            .toList();
    assertEquals(
        List.of(
            expected.get(0), expected.get(1), expected.get(0), expected.get(2), expected.get(2)),
        chat("ab", "", "cd", "/reset", "ab", "/system x", "ab", "/reset", "ab", "/exit", "ab"));
  }

  @Test
  void chatSaysWhatItCannotDoAndGoesOn() throws IOException {
    String tooLong = "12 ".repeat(WINDOW);
    List<String> lines = chat("/help", tooLong, "ab");
    assertTrue(lines.get(0).contains("/reset"), lines.get(0));
    assertTrue(lines.get(1).contains("leaves no room"), lines.get(1));
    assertEquals(chat("ab"), lines.subList(2, lines.size()));
    String err = run(2, "generate", "--model", model + "", "--chat", "--n", "2");
    assertTrue(err.contains("leave out"), err);
  }

  @Test
  void responsesEndWithTheWindow() throws IOException {
    int[] prompt = new int[WINDOW - 3];
    Arrays.fill(prompt, 20);
    Path input = write("long.jsonl", "{\"ids\": " + JSON.writeValueAsString(prompt) + "}");
    assertTrue(ids(generate(input).get(0)).length <= 3);
  }

  @Test
  void scoreAgreesWithTheLogProbabilitiesOfGeneration() throws IOException {
    Path prompts = write("ids.jsonl", "{\"ids\": [40, 41, 42]}", "{\"ids\": [7, 8]}");
    List<JsonNode> generated = generate(prompts, "--temperature", "1");
    List<String> texts = new ArrayList<>();
    int[][] starts = {{40, 41, 42}, {7, 8}};
    for (int i = 0; i < starts.length; i++) {
      int[] whole = Ints.concat(starts[i], ids(generated.get(i)));
      texts.add("{\"id\": \"" + i + "\", \"ids\": " + JSON.writeValueAsString(whole) + "}");
    }
    Path output = folder.resolve("scores.jsonl");
    Path input = write("texts.jsonl", texts.toArray(String[]::new));
    run(0, "score", "--model", model + "", "--input", input + "", "--output", output + "");
    List<JsonNode> scores = read(output);
    for (int i = 0; i < starts.length; i++) {
      JsonNode all = scores.get(i).get("logprobs");
      assertEquals(scores.get(i).get("ids").size() - 1, all.size());
      JsonNode drawn = generated.get(i).get("logprobs");
      for (int t = 0; t < drawn.size(); t++) {
        assertEquals(drawn.get(t).asDouble(), all.get(starts[i].length - 1 + t).asDouble(), 1e-5);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"promt\": \"x\"}|did you mean \"prompt\"",
        "{\"prompt\": \"x\", \"ids\": [1]}|exactly one of",
        "{\"id\": \"x\"}|exactly one of",
        "{\"prompt\": 3}|field \"prompt\"",
        "{\"ids\": [1, 999999]}|ids[1]",
        "{\"ids\": []}|field \"ids\"",
        "{\"messages\": [{\"role\": \"root\", \"content\": \"x\"}]}|role",
        "{\"messages\": [{\"role\": \"user\"}]}|messages[0]",
        "[1]|JSON object",
        "{\"prompt\": \"x\"|not JSON",
      })
  void aBadLineIsNamedAndNothingIsWritten(String line, String part) throws IOException {
    Path input = write("bad.jsonl", "{\"prompt\": \"good\"}", line);
    Path output = folder.resolve("never.jsonl");
    String err =
        run(2, "generate", "--model", model + "", "--input", input + "", "--output", output + "");
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.contains("bad.jsonl:2") && err.contains(part), err);
    assertFalse(Files.exists(output));
  }

  @Test
  void anOutputThatExistsIsKept() throws IOException {
    Path input = write("one.jsonl", "{\"prompt\": \"x\"}");
    Path output = write("precious.jsonl", "mine");
    String err =
        run(2, "generate", "--model", model + "", "--input", input + "", "--output", output + "");
    assertTrue(err.contains("--force"), err);
    assertEquals(List.of("mine"), Files.readAllLines(output));
  }

  @Test
  void theModelSurvivesEveryFormat() throws IOException {
    Path gguf = folder.resolve("model.gguf");
    Path back = folder.resolve("back");
    Path copy = folder.resolve("copy");
    Path served = folder.resolve("served");
    String[] from = {"export", "--model", model + "", "--format"};
    run(0, from[0], from[1], from[2], from[3], "gguf", "--dtype", "f32", "--out", gguf + "");
    run(0, "import", "--from", gguf + "", "--out", back + "");
    run(0, from[0], from[1], from[2], from[3], "hf", "--out", copy + "");
    run(0, from[0], from[1], from[2], from[3], "savedmodel", "--out", served + "");
    ModelFolder original = ModelFolder.open(model);
    for (var weight : original.weights().entrySet()) {
      assertArrayEquals(weight.getValue(), ModelFolder.open(back).weight(weight.getKey()));
    }
    assertEquals(
        -1, Files.mismatch(model.resolve("model.safetensors"), copy.resolve("model.safetensors")));
    Path input = write("served.jsonl", "{\"ids\": [40, 41, 42]}");
    int[] expected = ids(generate(input, "--greedy").get(0));
    try (ServedModel loaded = ServedModel.load(served.resolve("1"))) {
      var answer =
          loaded.generate(List.of(ServedModel.Ask.greedy(new int[] {40, 41, 42}, 20))).get(0);
      assertArrayEquals(expected, answer.ids());
    }
  }

  @Test
  void bfloat16WeightsGenerateAndAreServed() throws IOException {
    Path input = write("half.jsonl", "{\"prompt\": \"ab\"}");
    double full = generate(input, "--greedy").get(0).get("logprobs").get(0).asDouble();
    double half =
        generate(input, "--greedy", "--dtype", "bf16").get(0).get("logprobs").get(0).asDouble();
    assertEquals(full, half, 0.1);
    assertTrue(full != half);
    Path served = folder.resolve("half");
    run(
        0,
        "export",
        "--format",
        "savedmodel",
        "--model",
        model + "",
        "--dtype",
        "bf16",
        "--out",
        served + "");
    try (ServedModel loaded = ServedModel.load(served.resolve("1"))) {
      assertEquals(
          3,
          loaded
              .generate(List.of(ServedModel.Ask.greedy(new int[] {4, 5}, 3)))
              .get(0)
              .ids()
              .length);
    }
    String err = run(2, "generate", "--model", model + "", "--prompt", "x", "--dtype", "f8");
    assertTrue(err.contains("f32 or bf16"), err);
  }

  @Test
  void exportsFollowEachOtherAndAreDescribed() {
    Path served = folder.resolve("versions");
    String[] export = {
      "export", "--format", "savedmodel", "--model", model + "", "--out", served + ""
    };
    run(0, export);
    List<String> withXla = new ArrayList<>(List.of(export));
    withXla.add("--xla");
    run(0, withXla.toArray(String[]::new));
    assertFalse(describe(served.resolve("1")).contains("graph with the tags serve, xla"));
    String newest = describe(served);
    for (String line :
        List.of(
            "SavedModel " + served.resolve("2"),
            "graph with the tags serve\n",
            "graph with the tags serve, xla\n",
            "in  max_new_tokens: DT_INT32 [-1]",
            "source: \"model\"")) {
      assertTrue(newest.contains(line), newest);
    }
    assertTrue(Files.exists(served.resolve("models.config")));
    ServedModel.load(served.resolve("2"), true).close();
  }

  private static String describe(Path served) {
    StringWriter out = new StringWriter();
    CommandLine etalon = Etalon.commandLine();
    etalon.setOut(new PrintWriter(out, true));
    assertEquals(0, etalon.execute("export", "--describe", served + ""));
    return out.toString();
  }

  @Test
  void optionsThatWouldBeIgnoredAreRefused() {
    assertTrue(run(2, "export", "--xla", "--out", folder + "/x").contains("savedmodel"));
    String err = run(2, "export", "--describe", folder + "", "--xla");
    assertTrue(err.contains("--describe only prints"), err);
    assertTrue(run(2, "export", "--describe", folder + "/no").contains("saved_model.pb"));
  }

  @Test
  void formatAndModelGoTogether() {
    assertTrue(run(2, "export", "--format", "hf", "--out", folder + "/x").contains("--model"));
    String err =
        run(
            2,
            "export",
            "--format",
            "gguf",
            "--model",
            model + "",
            "--out",
            folder + "/y.gguf",
            "--dtype",
            "q9");
    assertTrue(err.contains("q8_0"), err);
  }
}
