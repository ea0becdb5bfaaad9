package org.etalon.training.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.etalon.data.DataException;
import org.etalon.graph.program.Sampling;
import org.etalon.graph.rollout.Completion;
import org.etalon.graph.rollout.Request;
import org.etalon.savedmodels.folder.ModelFolder;
import org.etalon.savedmodels.serve.ConformanceServer;
import org.etalon.training.cli.Etalon;
import org.etalon.training.config.Configuration;
import org.etalon.training.policy.Policy;
import org.etalon.training.policy.RolloutSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small random policy, and two servers of its versions. */
class FleetSourceTest {
  private static final List<String> SMALL =
      List.of(
          "model.hidden=16",
          "model.intermediate=16",
          "model.layers=1",
          "model.heads=2",
          "model.kvHeads=1",
          "model.headDim=8",
          "model.initRange=0.4",
          "model.maxPositions=128",
          "fleet.rows=3",
          "fleet.pieceTokens=7",
          "fleet.staleness=1");

  @TempDir static Path folder;
  private static Path models;
  private static Policy policy;
  private static ConformanceServer one;
  private static ConformanceServer two;

  @BeforeAll
  static void serve() throws IOException {
    models = Files.createDirectory(folder.resolve("models"));
    policy = Policy.base(Configuration.load(Optional.empty(), SMALL));
    one = LocalServer.start(models);
    two = LocalServer.start(models);
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
    policy.close();
  }

  private static RolloutSource source(String... addresses) {
    return source(models, 60, addresses);
  }

  private static RolloutSource source(Path folder, int loadSeconds, String... addresses) {
    List<String> sets = new ArrayList<>(SMALL);
    sets.add("fleet.servers=" + Arrays.toString(addresses));
    sets.add("fleet.models=" + folder);
    sets.add("fleet.loadSeconds=" + loadSeconds);
    return FleetSource.of(Configuration.load(Optional.empty(), sets), policy);
  }

  private static RolloutSource both() {
    return source(LocalServer.address(one), LocalServer.address(two));
  }

  private static List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int[] prompt = new int[3 + i];
      Arrays.setAll(prompt, t -> 40 + 13 * t % 300);
      requests.add(new Request(prompt, i, 5 + i));
    }
    return requests;
  }

  private static List<Completion> draw(RolloutSource source, Sampling sampling) {
    return source.rollouts(requests(), 32, 32, 8, sampling, tokens -> {}).completions();
  }

  private static void assertSame(List<Completion> expected, List<Completion> got) {
    assertEquals(expected.size(), got.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i).ids(), got.get(i).ids(), "response " + i);
      assertArrayEquals(expected.get(i).logps(), got.get(i).logps(), 1e-5f);
      assertEquals(expected.get(i).finish(), got.get(i).finish());
    }
  }

  @Test
  void greedyResponsesAreThoseOfThisProcessAndFollowTheWeights() {
    try (RolloutSource fleet = source(LocalServer.address(one))) {
      List<List<Completion>> drawn = new ArrayList<>();
      for (long weights = 1; weights <= 2; weights++) {
        policy.program().initialize(weights, 0.4);
        fleet.renew();
        drawn.add(draw(fleet, Sampling.greedy()));
        assertSame(draw(policy.engine(), Sampling.greedy()), drawn.get(drawn.size() - 1));
      }
      assertTrue(!Arrays.equals(drawn.get(0).get(9).ids(), drawn.get(1).get(9).ids()));
      assertEquals(0, fleet.figures().get("fleet/retries"));
    }
  }

  @Test
  void samplesDependOnTheirKeysAndNotOnTheServers() {
    Sampling sampling = new Sampling(1, 0, 0.9, 5);
    List<Completion> together;
    try (RolloutSource fleet = both()) {
      fleet.renew();
      together = draw(fleet, sampling);
    }
    try (RolloutSource fleet = source(LocalServer.address(one), LocalServer.nobody())) {
      fleet.renew();
      assertSame(together, draw(fleet, sampling));
      assertEquals(1, fleet.figures().get("fleet/servers"));
      // A draft goes on as if it had never been cut.
      Request whole = requests().get(19);
      int[] ids = together.get(19).ids();
      assertTrue(ids.length > 9, "a long response");
      int[] begun = Arrays.copyOf(whole.prompt(), whole.prompt().length + 9);
      System.arraycopy(ids, 0, begun, whole.prompt().length, 9);
      Request rest = new Request(begun, whole.sequence(), 9, whole.maxNewTokens() - 9);
      Completion more =
          fleet.rollouts(List.of(rest), 64, 32, 8, sampling, tokens -> {}).completions().get(0);
      assertArrayEquals(Arrays.copyOfRange(ids, 9, ids.length), more.ids());
    }
  }

  @Test
  void weightsAreAtMostAsOldAsAllowed() {
    try (RolloutSource fleet = source(folder.resolve("aged"), 1, "nobody:1")) {
      List<Object> versions = new ArrayList<>();
      List<Object> staleness = new ArrayList<>();
      for (long steps : new long[] {4, 5, 5, 6, 7, 9}) {
        fleet.advance(steps);
        versions.add(fleet.figures().get("fleet/version"));
        staleness.add(fleet.figures().get("fleet/staleness"));
      }
      assertEquals(List.of(1L, 1L, 1L, 2L, 2L, 3L), versions);
      assertEquals(List.of(0L, 1L, 1L, 0L, 1L, 0L), staleness);
    }
  }

  @Test
  void aVersionThatNobodyServesIsAnErrorWithNamesAndRemedy() {
    String nobody = LocalServer.nobody();
    Path unseen = folder.resolve("unseen");
    try (RolloutSource fleet = source(unseen, 1, nobody)) {
      fleet.renew();
      var error = assertThrows(DataException.class, () -> draw(fleet, Sampling.greedy()));
      assertTrue(
          error.getMessage().contains("no server answers with version ")
              && error.getMessage().contains(nobody + " (UNAVAILABLE: ")
              && error.getMessage().contains("start servers of " + unseen),
          error.getMessage());
    }
  }

  @Test
  void aSecondRunOnTheSameFolderIsRefused() {
    try (RolloutSource fleet = both()) {
      var error = assertThrows(DataException.class, () -> both().close());
      assertTrue(error.getMessage().contains("choose another fleet.models"), error.getMessage());
      assertThrows(IllegalStateException.class, () -> draw(fleet, Sampling.greedy()));
    }
  }

  @Test
  void evaluationThroughServersEqualsThatOfThisProcess() throws IOException {
    Path model = folder.resolve("model");
    ModelFolder.write(model, policy.program().config(), policy.program()::get, policy.tokenizer());
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      lines.add("{\"id\": \"p%d\", \"prompt\": \"%d+2?\", \"answer\": \"1\"}".formatted(i, i));
    }
    Path problems = Files.write(folder.resolve("own.jsonl"), lines);
    for (String servers : List.of("", LocalServer.address(one) + ", " + LocalServer.address(two))) {
      int exit =
          Etalon.commandLine()
              .execute(
                  "eval",
                  "--quiet",
                  "--model=" + model,
                  "--benchmark=own=" + problems,
                  "--out=" + folder.resolve(servers.isEmpty() ? "here" : "there"),
                  "--samples=2",
                  "--temperature=0",
                  "--max-new-tokens=20",
                  "--set=fleet.servers=[" + servers + "]",
                  "--set=fleet.models=" + models);
      assertEquals(0, exit);
    }
    for (String file : List.of("own/samples.jsonl", "own/result.json")) {
      assertEquals(
          Files.readString(folder.resolve("here").resolve(file)),
          Files.readString(folder.resolve("there").resolve(file)));
    }
  }
}
