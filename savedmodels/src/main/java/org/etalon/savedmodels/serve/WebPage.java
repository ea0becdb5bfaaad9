package org.etalon.savedmodels.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A page to talk to the model, at {@code /}, and a run's report, at {@code /report.html}. */
final class WebPage {
  private static final String PAGE = "/org/etalon/savedmodels/serve/chat.html";

  private final Optional<Path> report;

  WebPage(Optional<Path> report) {
    this.report = report;
  }

  /** Answers if the path is one of these; false otherwise. */
  boolean handle(HttpExchange exchange) throws IOException {
    byte[] page;
    switch (exchange.getRequestURI().getPath()) {
      case "/" -> {
        try (InputStream in = WebPage.class.getResourceAsStream(PAGE)) {
          page = in.readAllBytes();
        }
      }
      case "/report.html" -> {
        if (report.isEmpty() || !Files.isRegularFile(report.get())) {
          return false;
        }
        page = Files.readAllBytes(report.get());
      }
      default -> {
        return false;
      }
    }
    // Nothing from elsewhere, whatever a report may hold.
    exchange
        .getResponseHeaders()
        .set(
            "Content-Security-Policy",
            "default-src 'self' data: 'unsafe-inline'; frame-ancestors 'none'");
    HttpReply.send(exchange, 200, "text/html; charset=utf-8", page);
    return true;
  }
}
