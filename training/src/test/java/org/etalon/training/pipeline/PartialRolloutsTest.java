package org.etalon.training.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.etalon.training.metrics.MetricsLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses of up to 12 tokens that are drawn 4 tokens a step. */
class PartialRolloutsTest {
  private static final int MOST_SECONDS = 240;

  @TempDir Path folder;

  private String[] arguments(Path out) {
    return new String[] {
      "--config",
      TinyRun.config(folder).toString(),
      "--out",
      out.toString(),
      "--quiet",
      "--set",
      "mgpo.partialRollouts=on",
      "--set",
      "mgpo.tokensPerStep=4",
      "--set",
      "mgpo.maxStaleness=2"
    };
  }

  private TinyRun.Outcome run(Path out) {
    List<String> command = new ArrayList<>(List.of("pipeline"));
    command.addAll(List.of(arguments(out)));
    return TinyRun.run(command.toArray(String[]::new));
  }

  @Test
  void groupsTrainWhenTheyHaveEndedAndAKilledRunGoesOnBitForBit() throws Exception {
    Path whole = folder.resolve("whole");
    assertEquals(new TinyRun.Outcome(0, ""), run(whole));
    var rows = MetricsLog.read(whole.resolve("mgpo").resolve(MetricsLog.FILE));
    int groups = 0;
    long carried = 0;
    long stalest = 0;
    for (var row : rows) {
      carried += row.values().path("partial/carried").asLong();
      stalest = Math.max(stalest, row.values().path("partial/staleness_max").asLong());
      for (var count : row.values().path("mgpo/accuracy_histogram")) {
        groups += count.asInt();
      }
    }
    assertTrue(carried > 0, "some responses are carried");
    assertTrue(
        rows.get(3).values().path("partial/carried").asInt() > 0,
        "by the checkpoint of step 4 too");
    assertTrue(stalest >= 1 && stalest <= 2, "staleness " + stalest);
    assertEquals(8 * 4, groups, "every group trains, in one step or another");
    assertEquals(0, rows.get(rows.size() - 1).values().path("partial/carried").asInt());

    Path killed = folder.resolve("killed");
    Process process =
        TinyRun.start(Pipeline.class, folder.resolve("log").toFile(), arguments(killed));
    Path checkpoint = killed.resolve("mgpo/resume/step-000004/manifest.json");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    while (!Files.exists(checkpoint)) {
      assertTrue(process.isAlive(), () -> "ended before " + checkpoint);
      assertTrue(System.nanoTime() < end, checkpoint + " did not appear");
      Thread.sleep(2);
    }
    process.destroyForcibly().waitFor();
    assertEquals(new TinyRun.Outcome(0, ""), run(killed));
    assertEquals(List.of(), RunContent.differences(whole, killed));
  }
}
