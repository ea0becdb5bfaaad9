package org.etalon.savedmodels.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Events from the thread that runs batches to the one that writes to a client. */
final class EventQueue {
  private static final JsonNode END = MissingNode.getInstance();

  /**
   * Our choice, seconds: how often a silent stream shows that it lives, and sees its client gone.
   */
  private static final long SILENCE = 2;

  private final LinkedBlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();

  void add(JsonNode event) {
    events.add(event);
  }

  void close() {
    events.add(END);
  }

  /** Sends events until the queue is closed or the time is over. */
  void drain(EventStream out, Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    try {
      while (System.nanoTime() - end < 0) {
        JsonNode event = events.poll(SILENCE, TimeUnit.SECONDS);
        if (event == null) {
          out.comment();
        } else if (event.isMissingNode()) {
          return;
        } else {
          out.send(event);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
