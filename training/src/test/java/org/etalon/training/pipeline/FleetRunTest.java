package org.etalon.training.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.savedmodels.serve.ConformanceServer;
import org.etalon.training.fleet.LocalServer;
import org.etalon.training.metrics.MetricsLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose responses two servers draw, of which first one and then the other is killed. */
class FleetRunTest {
  @TempDir Path folder;

  private TinyRun.Outcome run(String stage, Path out, String servers, Path models) {
    List<String> command = new ArrayList<>(List.of(stage));
    command.addAll(
        List.of(
            "--config=" + TinyRun.config(folder),
            "--out=" + out,
            "--quiet",
            "--set=fleet.servers=[" + servers + "]",
            "--set=fleet.models=" + models,
            "--set=fleet.staleness=1",
            "--set=fleet.loadSeconds=15",
            "--set=mgpo.partialRollouts=on",
            "--set=mgpo.tokensPerStep=6"));
    return TinyRun.run(command.toArray(String[]::new));
  }

  /** Kills a server as soon as the signal phase has so many steps behind it. */
  private static Thread killAfter(int steps, Path metrics, ConformanceServer server) {
    Thread killer =
        new Thread(
            () -> {
              try {
                while (lines(metrics) < steps) {
                  Thread.sleep(5);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              server.close();
            });
    killer.start();
    return killer;
  }

  private static long lines(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file).chars().filter(c -> c == '\n').count() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRunGoesOnWithTheServersThereAreAndKeepsItsWorkWhenTheyAreGone() throws Exception {
    Path models = Files.createDirectory(folder.resolve("models"));
    Path out = folder.resolve("run");
    Path metrics = out.resolve("mgpo").resolve(MetricsLog.FILE);
    for (String stage : List.of("decontaminate", "sft", "probe", "fuse")) {
      assertEquals(new TinyRun.Outcome(0, ""), run(stage, out, "", models));
    }
    ConformanceServer one = LocalServer.start(models);
    ConformanceServer two = LocalServer.start(models);
    Thread first = killAfter(2, metrics, one);
    Thread second = killAfter(5, metrics, two);
    String address = LocalServer.address(one);
    TinyRun.Outcome killed = run("mgpo", out, address + ", " + LocalServer.address(two), models);
    first.interrupt();
    second.interrupt();
    first.join();
    second.join();
    assertTrue(killed.exit() != 0, "all servers are gone");
    assertTrue(
        killed.err().contains("no server answers with version ")
            && killed.err().contains(address + " (UNAVAILABLE"),
        killed.err());

    List<MetricsLog.Row> rows = MetricsLog.read(metrics);
    assertTrue(rows.size() >= 5 && rows.size() < 8, "steps " + rows.size());
    for (MetricsLog.Row row : rows) {
      long staleness = row.values().path("fleet/staleness").asLong(-1);
      assertTrue(staleness == 0 || staleness == 1, "staleness " + staleness);
      assertTrue(row.values().path("fleet/seconds").asDouble() > 0);
    }
    assertEquals(1, rows.get(4).values().path("fleet/servers").asInt());
    assertTrue(rows.stream().anyMatch(r -> r.values().path("fleet/staleness").asLong() == 1));
    // On weights that are not behind, servers and trainer agree.
    assertTrue(rows.get(0).values().path("sampling/logp_difference/max").asDouble(0) < 1e-4);
    try (var versions = Files.list(models)) {
      assertEquals(2, versions.filter(v -> v.getFileName().toString().matches("\\d+")).count());
    }

    String checkpoint = "step-%06d".formatted(rows.size());
    assertTrue(Files.exists(out.resolve("mgpo/resume").resolve(checkpoint)), checkpoint);
    assertEquals(new TinyRun.Outcome(0, ""), run("mgpo", out, "", models));
    rows = MetricsLog.read(metrics);
    assertEquals(8, rows.size());
    int groups = 0;
    for (MetricsLog.Row row : rows) {
      for (var count : row.values().path("mgpo/accuracy_histogram")) {
        groups += count.asInt();
      }
    }
    assertEquals(8 * 4, groups, "no group is lost");
  }
}
