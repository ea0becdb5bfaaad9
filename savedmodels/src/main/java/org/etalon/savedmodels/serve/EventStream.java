package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Server-sent events of a response; writing to a client that went away is an IOException. */
final class EventStream implements AutoCloseable {
  private final HttpCall call;

  EventStream(HttpCall call) throws IOException {
    this.call = call;
    call.begin("text/event-stream; charset=utf-8");
  }

  void send(JsonNode event) throws IOException {
    call.more("data: " + Json.MAPPER.writeValueAsString(event) + "\n\n");
  }

  /** OpenAI's last event. */
  void done() throws IOException {
    call.more("data: [DONE]\n\n");
  }

  /** A line that clients pass over. */
  void comment() throws IOException {
    call.more(": still here\n\n");
  }

  @Override
  public void close() throws IOException {
    call.finish();
  }
}
