package org.etalon.training.config;

import com.google.common.net.HostAndPort;
import java.util.List;

/**
 * Servers that draw responses in place of the engine in this process.
 *
 * @param servers {@code HOST:PORT} of each, for gRPC; none: responses are drawn in this process
 * @param name what the servers call the model
 * @param models folder that the servers watch, as this process sees it
 * @param weights how matrices are held there
 * @param staleness most optimizer steps that the weights of rollouts may be behind the trainer's
 * @param rows most rows of a request
 * @param requests requests under way at once to each server
 * @param pieceTokens most tokens that a request asks for a row
 * @param timeoutSeconds of a request
 * @param loadSeconds how long all servers together may serve nothing, as while they load a version
 */
public record FleetSettings(
    List<String> servers,
    String name,
    String models,
    Precision weights,
    int staleness,
    int rows,
    int requests,
    int pieceTokens,
    int timeoutSeconds,
    int loadSeconds) {
  public FleetSettings {
    servers = Check.copy("fleet.servers", servers);
    servers.forEach(FleetSettings::checkAddress);
    Check.that(
        servers.stream().distinct().count() == servers.size(),
        "fleet.servers",
        "each server must be named once, got " + servers);
    Check.that(
        name.matches("[A-Za-z0-9_.-]+"),
        "fleet.name",
        "the model's name on the servers must be letters, digits, _ . -; got '" + name + "'");
    Check.that(
        servers.isEmpty() || !models.isBlank(),
        "fleet.models",
        "the folder that the servers watch must be named where there are fleet.servers");
    Check.atLeast("fleet.staleness", "optimizer steps that rollouts may be behind", staleness, 0);
    Check.atLeast("fleet.rows", "rows of a request", rows, 1);
    Check.atLeast("fleet.requests", "requests under way to a server", requests, 1);
    Check.atLeast("fleet.pieceTokens", "tokens that a request asks for a row", pieceTokens, 1);
    Check.atLeast("fleet.timeoutSeconds", "time of a request in seconds", timeoutSeconds, 1);
    Check.atLeast("fleet.loadSeconds", "time to load a version in seconds", loadSeconds, 1);
  }

  /** Whether there is a fleet. */
  public boolean hasServers() {
    return !servers.isEmpty();
  }

  private static void checkAddress(String address) {
    boolean valid;
    try {
      HostAndPort parsed = HostAndPort.fromString(address);
      valid = parsed.hasPort() && !parsed.getHost().isBlank() && !address.contains("/");
    } catch (IllegalArgumentException e) {
      valid = false;
    }
    Check.that(
        valid, "fleet.servers", "a server's gRPC address must be HOST:PORT, got '" + address + "'");
  }
}
