package org.etalon.training.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.etalon.savedmodels.serve.ConformanceServer;
import org.etalon.savedmodels.serve.ServerOptions;

/** Servers in this process that look for versions often and, when closed, drop what they do. */
public final class LocalServer {
  private LocalServer() {}

  /** Serves what will be published in a folder. */
  public static ConformanceServer start(Path models) {
    ServerOptions options =
        new ServerOptions(
            models,
            "etalon",
            false,
            "127.0.0.1",
            0,
            0,
            Duration.ofMillis(30),
            ServerOptions.Batching.defaults(),
            List.of(),
            ServerOptions.Limits.defaults(),
            Duration.ZERO,
            Optional.empty());
    return ConformanceServer.start(options, line -> {});
  }

  /** Where a server listens. */
  public static String address(ConformanceServer server) {
    return "127.0.0.1:" + server.port();
  }

  /** Where nobody listens. */
  public static String nobody() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return "127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
