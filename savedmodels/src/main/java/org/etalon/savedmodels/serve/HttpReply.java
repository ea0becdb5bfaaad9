package org.etalon.savedmodels.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Bodies in and out of an HTTP exchange. */
final class HttpReply {
  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private HttpReply() {}

  /**
   * A JSON object that came as a body.
   *
   * @param most bytes
   * @throws ServingException if it is longer or no JSON object
   */
  static JsonNode read(HttpExchange exchange, int most) throws IOException {
    byte[] bytes;
    try (InputStream in = exchange.getRequestBody()) {
      bytes = in.readNBytes(most + 1);
    }
    if (bytes.length > most) {
      throw ServingException.invalid(
          "expected a body of at most %d bytes; send less at once", most);
    }
    try {
      JsonNode body = JSON.readTree(bytes);
      if (body == null || !body.isObject()) {
        throw ServingException.invalid("expected a JSON object as the body");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw ServingException.invalid("the body is no JSON: %s", e.getOriginalMessage());
    }
  }

  /** Sends a whole body. */
  static void send(HttpExchange exchange, int code, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean headOnly = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, headOnly || body.length == 0 ? -1 : body.length);
    if (headOnly) {
      return;
    }
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  static void json(HttpExchange exchange, int code, Object value) throws IOException {
    send(exchange, code, "application/json", JSON.writeValueAsBytes(value));
  }

  static void text(HttpExchange exchange, int code, String type, String text) throws IOException {
    send(exchange, code, type + "; charset=utf-8", text.getBytes(UTF_8));
  }
}
