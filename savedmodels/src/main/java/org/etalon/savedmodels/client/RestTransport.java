package org.etalon.savedmodels.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.etalon.savedmodels.export.ServedModel.Answer;
import org.etalon.savedmodels.export.ServedModel.Ask;
import org.etalon.savedmodels.wire.ModelRequests;

/** {@code :predict} by columns over HTTP. */
final class RestTransport implements Transport {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String address;
  private final URI predict;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /**
   * @param address scheme, host and port
   */
  RestTransport(String address, String model) {
    this.address = address;
    this.predict = URI.create(address + "/v1/models/" + model + ":predict");
  }

  @Override
  public List<Answer> generate(List<Ask> asks, Duration timeout) {
    List<int[]> rows = asks.stream().map(Ask::ids).toList();
    JsonNode outputs =
        call(
            ModelRequests.GENERATE,
            Map.of(
                "ids", padded(rows),
                "lengths", lengths(rows),
                "temperature", asks.stream().map(Ask::temperature).toList(),
                "top_k", asks.stream().map(Ask::topK).toList(),
                "top_p", asks.stream().map(Ask::topP).toList(),
                "seed", asks.stream().map(Ask::seed).toList(),
                "max_new_tokens", asks.stream().map(Ask::maxNewTokens).toList()),
            timeout);
    try {
      int[][] ids = JSON.treeToValue(outputs.path("ids"), int[][].class);
      float[][] logps = JSON.treeToValue(outputs.path("logprobs"), float[][].class);
      int[] got = JSON.treeToValue(outputs.path("lengths"), int[].class);
      int[] finish = JSON.treeToValue(outputs.path("finish_reason"), int[].class);
      List<Answer> answers = new ArrayList<>();
      for (int i = 0; i < asks.size(); i++) {
        answers.add(
            new Answer(Arrays.copyOf(ids[i], got[i]), Arrays.copyOf(logps[i], got[i]), finish[i]));
      }
      return answers;
    } catch (JsonProcessingException | RuntimeException e) {
      throw strange(outputs, e);
    }
  }

  @Override
  public List<float[]> score(List<int[]> texts, Duration timeout) {
    JsonNode outputs =
        call(ModelRequests.SCORE, Map.of("ids", padded(texts), "lengths", lengths(texts)), timeout);
    try {
      float[][] logps = JSON.treeToValue(outputs, float[][].class);
      List<float[]> scores = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        scores.add(Arrays.copyOf(logps[i], texts.get(i).length - 1));
      }
      return scores;
    } catch (JsonProcessingException | RuntimeException e) {
      throw strange(outputs, e);
    }
  }

  private static int[][] padded(List<int[]> rows) {
    int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    return rows.stream().map(row -> Arrays.copyOf(row, longest)).toArray(int[][]::new);
  }

  private static int[] lengths(List<int[]> rows) {
    return rows.stream().mapToInt(row -> row.length).toArray();
  }

  private ServerException strange(JsonNode outputs, Exception cause) {
    String shown = outputs.toString();
    return new ServerException(
        address,
        Status.Code.INTERNAL,
        "its answer is not that of an exported model: "
            + shown.substring(0, Math.min(200, shown.length())),
        cause);
  }

  private JsonNode call(String signature, Map<String, ?> inputs, Duration timeout) {
    try {
      byte[] body = JSON.writeValueAsBytes(Map.of("signature_name", signature, "inputs", inputs));
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(predict)
                  .timeout(timeout)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new ServerException(
            address, code(response.statusCode()), answer.path("error").asText(), null);
      }
      return answer.path("outputs");
    } catch (JsonProcessingException e) {
      throw new ServerException(address, Status.Code.INTERNAL, "its answer is no JSON", e);
    } catch (HttpTimeoutException e) {
      throw new ServerException(
          address, Status.Code.DEADLINE_EXCEEDED, "no answer in " + timeout.toMillis() + " ms", e);
    } catch (IOException e) {
      throw new ServerException(address, Status.Code.UNAVAILABLE, e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException(address, Status.Code.CANCELLED, "interrupted", e);
    }
  }

  private static Status.Code code(int http) {
    return switch (http) {
      case 400 -> Status.Code.INVALID_ARGUMENT;
      case 404 -> Status.Code.NOT_FOUND;
      case 413 -> Status.Code.RESOURCE_EXHAUSTED;
      case 499 -> Status.Code.CANCELLED;
      case 501 -> Status.Code.UNIMPLEMENTED;
      case 429, 502, 503 -> Status.Code.UNAVAILABLE;
      case 504 -> Status.Code.DEADLINE_EXCEEDED;
      default -> Status.Code.INTERNAL;
    };
  }

  @Override
  public void close() {
    // The JDK's client ends with its last request.
  }
}
