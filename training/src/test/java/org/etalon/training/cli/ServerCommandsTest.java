package org.etalon.training.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Sampling;
import org.etalon.savedmodels.client.ServingClient;
import org.etalon.savedmodels.export.SavedModelExporter;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.savedmodels.serve.ConformanceServer;
import org.etalon.savedmodels.serve.ServerOptions;
import org.etalon.training.generate.Chat;
import org.etalon.training.generate.LocalSpeaker;
import org.etalon.training.generate.RemoteSpeaker;
import org.etalon.training.generate.Speaker;
import org.etalon.training.policy.Policy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** generate --server against a served export of the same model. */
class ServerCommandsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path folder;
  private static Path model;
  private static ConformanceServer server;

  @BeforeAll
  static void serve() {
    model = folder.resolve("model");
    SmallModel.write(model, 64, 3);
    Path base = folder.resolve("served");
    SavedModelExporter.write(base, 1, ModelFolder.open(model), Map.of());
    server = ConformanceServer.start(ServerOptions.local(base, "small"), line -> {});
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String run(int exit, List<String> args) {
    StringWriter err = new StringWriter();
    CommandLine etalon = Etalon.commandLine();
    etalon.setErr(new PrintWriter(err, true));
    assertEquals(exit, etalon.execute(args.toArray(String[]::new)), err.toString());
    return err.toString();
  }

  private static List<JsonNode> generate(String... more) throws Exception {
    Path input = folder.resolve("prompts.jsonl");
    Files.write(
        input,
        List.of(
            "{\"id\": \"a\", \"prompt\": \"What is 2+3?\"}",
            "{\"id\": \"b\", \"ids\": [5, 9, 300]}"));
    Path output = Files.createTempFile(folder, "out", ".jsonl");
    List<String> args =
        new ArrayList<>(
            List.of(
                "generate",
                "--model",
                model.toString(),
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--force",
                "--max-new-tokens",
                "20"));
    args.addAll(List.of(more));
    run(0, args);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void serversGiveTheGreedyAnswersOfThisProcess() throws Exception {
    List<JsonNode> here = generate("--greedy");
    for (String address :
        List.of("127.0.0.1:" + server.port(), "http://127.0.0.1:" + server.restPort())) {
      List<JsonNode> there = generate("--greedy", "--server", address, "--server-model", "small");
      assertEquals(here.size(), there.size());
      for (int i = 0; i < here.size(); i++) {
        for (String field : List.of("id", "sample", "ids", "text", "finish_reason")) {
          assertEquals(here.get(i).get(field), there.get(i).get(field), field);
        }
        assertEquals(here.get(i).get("logprobs").size(), there.get(i).get("logprobs").size());
      }
    }
  }

  @Test
  void samplesDependOnTheSeedAndNotOnTheServers() throws Exception {
    String address = "127.0.0.1:" + server.port();
    List<JsonNode> one =
        generate("--n", "3", "--seed", "5", "--server", address, "--server-model", "small");
    List<JsonNode> two =
        generate(
            "--n",
            "3",
            "--seed",
            "5",
            "--slots",
            "2",
            "--server",
            address + ",http://127.0.0.1:" + server.restPort(),
            "--server-model",
            "small");
    assertEquals(6, one.size());
    for (int i = 0; i < 6; i++) {
      assertEquals(one.get(i).get("ids"), two.get(i).get("ids"));
    }
    assertTrue(!one.get(0).get("ids").equals(one.get(1).get("ids")));
  }

  @Test
  void aRefusalIsOneLineThatNamesTheServer() {
    String error =
        run(
            2,
            List.of(
                "generate",
                "--model",
                model.toString(),
                "--prompt",
                "a",
                "--server",
                "127.0.0.1:" + server.port(),
                "--server-model",
                "other"));
    assertTrue(error.contains("NOT_FOUND"), error);
    assertTrue(error.contains("--server"), error);
    assertEquals(1, error.strip().lines().count(), error);
  }

  private static String chat(Speaker speaker, String... lines) throws Exception {
    var out = new ByteArrayOutputStream();
    var in = new BufferedReader(new StringReader(String.join("\n", lines)));
    new Chat(speaker, new PrintStream(out, true, UTF_8)).run(in, "");
    return out.toString(UTF_8);
  }

  @Test
  void aConversationWithAServerIsThatOfThisProcess() throws Exception {
    String[] lines = {"ab", "cd", "/reset", "12 ".repeat(64), "ab"};
    String address = "127.0.0.1:" + server.port();
    Sampling greedy = Sampling.greedy();
    try (Policy policy = Policy.open(model, ExecutionOptions.defaults());
        ServingClient client =
            ServingClient.connect(List.of(address), "small", Duration.ofMinutes(1))) {
      var there = new RemoteSpeaker(client, policy.tokenizer(), policy.template(), greedy, 20);
      String got = chat(there, lines);
      String tooLong = got.lines().filter(line -> line.contains("use /reset")).findFirst().get();
      assertTrue(tooLong.contains("INVALID_ARGUMENT"), tooLong);
      String expected = chat(new LocalSpeaker(policy, greedy, 20), lines);
      assertEquals(
          expected.lines().filter(line -> !line.contains("use /reset")).toList(),
          got.lines().filter(line -> !line.contains("use /reset")).toList());
    }
  }

  @Test
  void wrongOptionsOfTheServerAreNamed() {
    String error = run(2, List.of("serve", "--model", folder.toString(), "--max-batch-size", "0"));
    assertTrue(error.contains("--max-batch-size"), error);
  }
}
