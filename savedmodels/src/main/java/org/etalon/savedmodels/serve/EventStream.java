package org.etalon.savedmodels.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** Server-sent events of a response; writing to a client that went away is an IOException. */
final class EventStream implements AutoCloseable {
  private final OutputStream out;

  EventStream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    out = exchange.getResponseBody();
  }

  void send(JsonNode event) throws IOException {
    write("data: " + HttpReply.JSON.writeValueAsString(event) + "\n\n");
  }

  /** OpenAI's last event. */
  void done() throws IOException {
    write("data: [DONE]\n\n");
  }

  /** A line that clients pass over. */
  void comment() throws IOException {
    write(": still here\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
