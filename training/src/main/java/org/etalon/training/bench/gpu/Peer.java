package org.etalon.training.bench.gpu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that trains the same model in PyTorch. It is told the model in one line of JSON,
 * answers with one about itself, and then with one for each line {@code round}: one training step.
 * The creator closes.
 */
final class Peer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SECONDS_TO_END = 10;

  private final Process process;
  private final Writer to;
  private final BufferedReader from;
  private final Map<String, Object> introduction = new LinkedHashMap<>();

  private Peer(Process process) {
    this.process = process;
    this.to = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * One step.
   *
   * @param seconds how long it took, the device done
   * @param loss before the step
   */
  record Round(double seconds, double loss) {}

  /**
   * Starts the process and waits until its model is there.
   *
   * @throws CheckException if the command or PyTorch is not there
   */
  static Peer start(List<String> command, Map<String, Object> question) {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw CheckException.skipped("the peer does not start: " + e.getMessage());
    }
    Peer peer = new Peer(process);
    try {
      JsonNode answer = peer.ask(JSON.writeValueAsString(question));
      if (answer.has("skip")) {
        throw CheckException.skipped(answer.get("skip").asText());
      }
      answer.properties().forEach(e -> peer.introduction.put(e.getKey(), e.getValue().asText()));
      return peer;
    } catch (JsonProcessingException e) {
      peer.close();
      throw new IllegalStateException("a question must be writable", e);
    } catch (CheckException e) {
      peer.close();
      throw e;
    }
  }

  /** What the peer says of itself: versions and what it chose. */
  Map<String, Object> introduction() {
    return introduction;
  }

  Round round() {
    JsonNode answer = ask("round");
    if (!answer.path("seconds").isNumber() || !answer.path("loss").isNumber()) {
      throw CheckException.failed("the peer's answer has no seconds or loss: " + answer, Map.of());
    }
    return new Round(answer.get("seconds").asDouble(), answer.get("loss").asDouble());
  }

  private JsonNode ask(String line) {
    try {
      to.write(line + "\n");
      to.flush();
      String answer = from.readLine();
      if (answer == null) {
        throw CheckException.failed("the peer ended; its errors are above", Map.of());
      }
      return JSON.readTree(answer);
    } catch (IOException e) {
      throw CheckException.failed("the peer cannot be asked: " + e.getMessage(), Map.of());
    }
  }

  @Override
  public void close() {
    try (to;
        from) {
      // Its input's end ends it.
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
