package org.etalon.savedmodels.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.etalon.savedmodels.export.ServedModel;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CHAT =
      "{\"model\": \"tiny\", \"messages\": [{\"role\": \"user\", \"content\": \"2+3?\"}],"
          + " \"temperature\": 1.5, \"seed\": 5, \"max_tokens\": 30%s}";

  @TempDir static Path base;
  private static TinyServer served;
  private static ServedModel model;
  private static ServerFixture server;

  @BeforeAll
  static void start() throws Exception {
    Path report = Files.writeString(base.resolve("report.html"), "<h1>the report</h1>");
    served = TinyServer.start(base, options -> options.withReport(report));
    model = served.model();
    server = served.server();
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static JsonNode ok(HttpResponse<String> response) throws Exception {
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  private static int[] ints(JsonNode array) {
    return JSON.convertValue(array, int[].class);
  }

  private static void assertSame(Answer expected, JsonNode ids, JsonNode logps, int finish) {
    for (int i = 0; i < expected.ids().length; i++) {
      assertEquals(expected.ids()[i], ids.get(i).asInt());
      assertEquals(expected.logps()[i], logps.get(i).floatValue(), 1e-5f * 10);
    }
    assertEquals(expected.finishReason(), finish);
  }

  @Test
  void columnsAndRowsAreAnsweredInKind() throws Exception {
    List<Ask> asks =
        List.of(
            Ask.greedy(new int[] {5, 9, 300}, 6),
            new Ask(new int[] {17, 4}, 1.5f, 20, 0.9f, -3, 9));
    List<Answer> expected = model.generate(asks);
    JsonNode outputs =
        ok(server.post(
                "/v1/models/tiny/versions/1:predict",
                "{\"inputs\": {\"ids\": [[5, 9, 300], [17, 4, 0]], \"lengths\": [3, 2],"
                    + " \"temperature\": [0, 1.5], \"top_k\": [0, 20], \"top_p\": [1, 0.9],"
                    + " \"seed\": [0, -3], \"max_new_tokens\": [6, 9]}}"))
            .get("outputs");
    JsonNode predictions =
        ok(server.post(
                "/v1/models/tiny:predict",
                "{\"signature_name\": \"serving_default\", \"instances\": [{\"ids\": [5, 9,"
                    + " 300], \"lengths\": 3, \"temperature\": 0, \"top_k\": 0, \"top_p\": 1,"
                    + " \"seed\": 0, \"max_new_tokens\": 6}, {\"ids\": [17, 4, 0],"
                    + " \"lengths\": 2, \"temperature\": 1.5, \"top_k\": 20, \"top_p\": 0.9,"
                    + " \"seed\": -3, \"max_new_tokens\": 9}]}"))
            .get("predictions");
    for (int i = 0; i < asks.size(); i++) {
      assertEquals(expected.get(i).ids().length, outputs.get("lengths").get(i).asInt());
      assertSame(
          expected.get(i),
          outputs.get("ids").get(i),
          outputs.get("logprobs").get(i),
          outputs.get("finish_reason").get(i).asInt());
      JsonNode row = predictions.get(i);
      assertEquals(expected.get(i).ids().length, row.get("lengths").asInt());
      assertSame(
          expected.get(i), row.get("ids"), row.get("logprobs"), row.get("finish_reason").asInt());
    }
  }

  @Test
  void aSingleOutputStandsWithoutItsName() throws Exception {
    JsonNode scores =
        ok(server.post(
                "/v1/models/tiny:predict",
                "{\"signature_name\": \"score\", \"inputs\": {\"ids\": [[5, 9, 300]],"
                    + " \"lengths\": [3]}}"))
            .get("outputs");
    float[] expected = model.score(List.of(new int[] {5, 9, 300})).get(0);
    assertEquals(expected[1], scores.get(0).get(1).floatValue(), 1e-5f * 10);
  }

  @Test
  void statusMetadataAndMetricsAreShown() throws Exception {
    JsonNode status = ok(server.get("/v1/models/tiny")).get("model_version_status").get(0);
    assertEquals("1", status.get("version").asText());
    assertEquals("AVAILABLE", status.get("state").asText());
    assertEquals("OK", status.get("status").get("error_code").asText());
    JsonNode ids =
        ok(server.get("/v1/models/tiny/metadata"))
            .at("/metadata/signature_def/signature_def/serving_default/inputs/ids");
    assertEquals("DT_INT32", ids.get("dtype").asText());
    assertEquals("-1", ids.at("/tensor_shape/dim/0/size").asText());
    String metrics = server.get("/monitoring/prometheus/metrics").body();
    assertTrue(metrics.contains("etalon_model_version 1.0"), metrics);
    assertTrue(
        metrics.contains("etalon_requests_total{code=\"OK\",method=\"REST status\"}"), metrics);
  }

  @Test
  void completionsAreTheModels() throws Exception {
    int[] ids = {5, 9, 300, 41};
    Answer expected = model.generate(List.of(new Ask(ids, 1.5f, 0, 1, 11, 24))).get(0);
    JsonNode body =
        ok(
            server.post(
                "/v1/completions",
                "{\"model\": \"tiny\", \"prompt\": [5, 9, 300, 41], \"temperature\": 1.5,"
                    + " \"seed\": 11, \"max_tokens\": 24, \"n\": 2}"));
    boolean stopped = expected.finishReason() == 0;
    int text = expected.ids().length - (stopped ? 1 : 0);
    assertEquals(
        served.tiny().tokenizer.decode(Arrays.copyOf(expected.ids(), text)),
        body.at("/choices/0/text").asText());
    assertEquals(stopped ? "stop" : "length", body.at("/choices/0/finish_reason").asText());
    assertEquals(2, body.get("choices").size());
    assertEquals(4, body.at("/usage/prompt_tokens").asInt());
    assertEquals("tiny", ok(server.get("/v1/models")).at("/data/0/id").asText());
  }

  private static String streamed(String more) throws Exception {
    HttpResponse<String> response =
        server.post("/v1/chat/completions", CHAT.formatted(", \"stream\": true" + more));
    assertEquals(200, response.statusCode());
    StringBuilder text = new StringBuilder();
    List<String> events =
        response.body().lines().filter(line -> line.startsWith("data: ")).toList();
    assertEquals("data: [DONE]", events.get(events.size() - 1));
    for (String event : events.subList(0, events.size() - 1)) {
      text.append(JSON.readTree(event.substring(6)).at("/choices/0/delta/content").asText());
    }
    return text.toString();
  }

  @Test
  void aStreamedChatIsTheWholeOne() throws Exception {
    String whole =
        ok(server.post("/v1/chat/completions", CHAT.formatted("")))
            .at("/choices/0/message/content")
            .asText();
    assertTrue(whole.length() > 10, whole);
    assertEquals(whole, streamed(""));
    String stop = whole.substring(5, 8);
    String cut = whole.substring(0, whole.indexOf(stop));
    String stops = ", \"stop\": [" + JSON.writeValueAsString(stop) + "]";
    JsonNode stopped = ok(server.post("/v1/chat/completions", CHAT.formatted(stops)));
    assertEquals(cut, stopped.at("/choices/0/message/content").asText());
    assertEquals("stop", stopped.at("/choices/0/finish_reason").asText());
    assertEquals(cut, streamed(stops));
  }

  @Test
  void thePageAndTheReportOpen() throws Exception {
    assertTrue(server.get("/").body().contains("/v1/chat/completions"));
    assertEquals("<h1>the report</h1>", server.get("/report.html").body());
  }

  @Test
  void aClientThatHangsUpDoesNoHarm() throws Exception {
    String body = CHAT.formatted(", \"stream\": true, \"n\": 8");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.restPort())) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      assertTrue(in.read() >= 0);
    }
    ServerFixture.eventually(
        () ->
            server.server.metrics().running("generate") == 0
                && server.server.metrics().waiting("generate") == 0);
    assertTrue(streamed("").length() > 0);
  }

  @Test
  void idsComeAsIntegers() throws Exception {
    JsonNode row =
        ok(server.post(
                "/v1/models/tiny:predict",
                "{\"instances\": [{\"ids\": [5], \"lengths\": 1, \"temperature\": 0, \"top_k\":"
                    + " 0, \"top_p\": 1, \"seed\": 0, \"max_new_tokens\": 4}]}"))
            .at("/predictions/0/ids");
    assertEquals(4, ints(row).length);
  }
}
