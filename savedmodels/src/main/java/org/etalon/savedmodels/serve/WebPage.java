package org.etalon.savedmodels.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A page to talk to the model, at {@code /}, and a run's report, at {@code /report.html}. */
final class WebPage {
  private static final String PAGE = "/org/etalon/savedmodels/serve/chat.html";

  /** Of the link to the report. */
  private static final String HIDDEN = " hidden";

  private final Optional<Path> report;

  WebPage(Optional<Path> report) {
    this.report = report;
  }

  private boolean hasReport() {
    return report.isPresent() && Files.isRegularFile(report.get());
  }

  /** Answers if the path is one of these; false otherwise. */
  boolean handle(HttpCall call) throws IOException {
    byte[] page;
    switch (call.path()) {
      case "/" -> {
        try (InputStream in = WebPage.class.getResourceAsStream(PAGE)) {
          String text = new String(in.readAllBytes(), UTF_8);
          page = (hasReport() ? text.replace(HIDDEN, "") : text).getBytes(UTF_8);
        }
      }
      case "/report.html" -> {
        if (!hasReport()) {
          return false;
        }
        page = Files.readAllBytes(report.get());
      }
      case "/favicon.ico" -> {
        // Browsers ask for one beside any page; there is none, and that is no error.
        call.send(204, "image/x-icon", new byte[0]);
        return true;
      }
      default -> {
        return false;
      }
    }
    // Nothing from elsewhere, whatever a report may hold.
    call.send(
        200,
        "text/html; charset=utf-8",
        page,
        "default-src 'self' data: 'unsafe-inline'; frame-ancestors 'none'");
    return true;
  }
}
