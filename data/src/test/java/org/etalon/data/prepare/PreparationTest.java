package org.etalon.data.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.etalon.data.grade.MathGrader;
import org.etalon.data.manifest.Manifest;
import org.etalon.data.prepare.step.Context;
import org.etalon.data.problem.Problem;
import org.etalon.data.problem.ProblemFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String EVALUATION =
      "Let two trains leave the same station at noon and travel apart at 60 miles an hour.";

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void inputs() throws IOException {
    out = folder.resolve("out");
    Files.writeString(
        folder.resolve("a.jsonl"),
        "{\"question\":\"What is 1+1?\",\"answer\":\"2\"}\n"
            + "{\"question\":\"what is 1 + 1\",\"answer\":\"2\"}\n"
            + "{\"question\":\"Now, "
            + EVALUATION.toUpperCase(java.util.Locale.ROOT)
            + "\",\"answer\":\"3\"}\n");
    ProblemFile.write(
        folder.resolve("b.jsonl"),
        List.of(
            new Problem("own", "algebra", "Solve x=3.", "3", List.of("t1")),
            new Problem("rich", "algebra", "What is 1+1?", "2", List.of("t1", "t2"))));
    ProblemFile.write(
        folder.resolve("eval.jsonl"), List.of(new Problem("e1", "x", EVALUATION, "60", List.of())));
  }

  @Test
  void stepsRunInOrderAndEveryDropIsReported() throws IOException {
    Summary summary =
        make(
            """
            {"inputs":[{"path":["a.jsonl","b.jsonl"]}],
             "steps":["exact-duplicates",{"decontaminate":{"against":["ev*.jsonl"]}}]}""");
    assertEquals(
        List.of("a-1", "own"),
        ProblemFile.read(out.resolve("problems.jsonl")).stream().map(Problem::id).toList());
    List<JsonNode> dropped = lines("dropped.jsonl");
    assertEquals(3, dropped.size());
    JsonNode overlap =
        dropped.stream()
            .filter(d -> d.path("step").asText().equals("decontaminate"))
            .findFirst()
            .get();
    assertEquals("a-3", overlap.path("id").asText());
    assertEquals(folder.resolve("a.jsonl") + ":3", overlap.path("place").asText());
    assertEquals("prompt", overlap.path("field").asText());
    assertEquals("eval.jsonl#e1", overlap.path("facts").path("evaluation").asText());
    assertEquals(
        "let two trains leave the same station at noon and",
        overlap.path("facts").path("words").asText());
    assertEquals(
        List.of("a-1", "a-1"),
        dropped.stream()
            .filter(d -> d.path("step").asText().equals("exact-duplicates"))
            .map(d -> d.path("facts").path("twin").asText())
            .toList());
    assertEquals(5, summary.steps().get(0).in());
    assertEquals(2, summary.problems());
    assertTrue(summary.table().contains("overlaps with evaluation 1"), summary.table());
    Manifest manifest = Manifest.verify(out);
    assertEquals(3, manifest.inputs().size());
    assertEquals(
        List.of("dropped.jsonl", "problems.jsonl", "recipe.json", "report.json"),
        manifest.outputs().stream().map(Manifest.Entry::path).toList());
  }

  @Test
  void theRichestOfDuplicatesStaysWhereAsked() {
    make(
        """
        {"inputs":[{"path":"*.jsonl"}],
         "steps":[{"exact-duplicates":{"keep":"most-traces"}},"near-duplicates"]}""");
    assertEquals(
        List.of("a-3", "own", "rich"),
        ProblemFile.read(out.resolve("problems.jsonl")).stream().map(Problem::id).toList());
  }

  @Test
  void kindSubdomainAndLimitAreTheInputs() {
    make(
        """
        {"inputs":[{"path":"a.jsonl","columns":{"prompt":"question","answer":"answer"},
         "kind":"code","subdomain":"s","limit":1}]}""");
    Problem only = ProblemFile.read(out.resolve("problems.jsonl")).get(0);
    assertEquals("code s", only.kind().label() + " " + only.subdomain());
  }

  @Test
  void theSameResultWithAnyNumberOfThreads() throws IOException {
    String recipe = many();
    make(recipe);
    String one = Files.readString(out.resolve("train.jsonl"));
    String dropped = Files.readString(out.resolve("dropped.jsonl"));
    out = folder.resolve("out2");
    new PreparedFolder(out).make(preparation(recipe, 5), "etalon", "c", false);
    assertEquals(one, Files.readString(out.resolve("train.jsonl")));
    assertEquals(dropped, Files.readString(out.resolve("dropped.jsonl")));
    int train = ProblemFile.read(out.resolve("train.jsonl")).size();
    int test = ProblemFile.read(out.resolve("test.jsonl")).size();
    assertEquals(20_000, train + test);
    assertEquals(0.1, test / 20_000.0, 0.01);
  }

  private String many() throws IOException {
    ProblemFile.write(
        folder.resolve("many.jsonl"),
        IntStream.range(0, 30_000)
            .mapToObj(i -> new Problem("m" + i, "s", "Number " + i % 20_000 + "?", "1", List.of()))
            .toList());
    return """
        {"inputs":[{"path":"many.jsonl"}],"steps":["exact-duplicates"],
         "splits":{"train":0.9,"test":0.1}}""";
  }

  @Test
  void splitsMayBeCountedPerSubdomain() throws IOException {
    many();
    make(
        """
        {"inputs":[{"path":"many.jsonl"}],"steps":["exact-duplicates"],
         "splits":{"probe":50,"test":150,"train":"rest"}}""");
    assertEquals(50, ProblemFile.read(out.resolve("probe.jsonl")).size());
    assertEquals(150, ProblemFile.read(out.resolve("test.jsonl")).size());
    assertEquals(19_800, ProblemFile.read(out.resolve("train.jsonl")).size());
  }

  @Test
  void aFilterOfTracesIsAStepLikeAnother() throws IOException {
    ProblemFile.write(
        folder.resolve("traces.jsonl"),
        List.of(
            new Problem("p", "s", "1+1?", "2", List.of("\\boxed{2}", "\\boxed{3}")),
            new Problem("q", "s", "1+2?", "3", List.of("\\boxed{4}"))));
    make("{\"inputs\":[{\"path\":\"traces.jsonl\"}],\"steps\":[{\"correct-traces\":{}}]}");
    assertEquals(
        List.of(new Problem("p", "s", "1+1?", "2", List.of("\\boxed{2}"))),
        ProblemFile.read(out.resolve("problems.jsonl")));
    assertEquals("traces[1]", lines("dropped.jsonl").get(0).path("field").asText());
    String option =
        refused(
            () ->
                make(
                    "{\"inputs\":[{\"path\":\"traces.jsonl\"}],\"steps\":[{\"correct-traces\":{\"requirebox\":true}}]}"));
    assertTrue(option.contains("requireBox"), option);
  }

  @Test
  void nothingIsDoneAgainAndEveryChangeIsNamed() throws IOException {
    String recipe = "{\"inputs\":[{\"path\":\"b.jsonl\"}],\"seed\":1}";
    make(recipe);
    byte[] manifest = Files.readAllBytes(out.resolve("manifest.json"));
    assertTrue(make(recipe).isUpToDate());
    String seed = refused(() -> make(recipe.replace(":1}", ":2}")));
    assertTrue(seed.contains("recipe's seed (1 then, 2 now)"), seed);
    Files.writeString(folder.resolve("b.jsonl"), "{\"prompt\":\"new\",\"answer\":\"1\"}\n");
    String changed = refused(() -> make(recipe));
    assertTrue(changed.contains(folder.resolve("b.jsonl") + " has changed"), changed);
    assertEquals(
        new String(manifest, java.nio.charset.StandardCharsets.UTF_8),
        Files.readString(out.resolve("manifest.json")));
    new PreparedFolder(out).make(preparation(recipe, 1), "etalon", "c", true);
    assertEquals("b-1", ProblemFile.read(out.resolve("problems.jsonl")).get(0).id());
    Files.writeString(out.resolve("problems.jsonl"), "cut");
    assertTrue(refused(() -> make(recipe)).contains("problems.jsonl is damaged"));
  }

  @Test
  void aFolderOfSomethingElseIsNeverReplaced() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("thesis.tex"), "x");
    for (boolean force : new boolean[] {false, true}) {
      refused(
          () ->
              new PreparedFolder(out)
                  .make(preparation("{\"inputs\":[{\"path\":\"b.jsonl\"}]}", 1), "e", "c", force));
    }
    assertEquals("x", Files.readString(out.resolve("thesis.tex")));
  }

  @Test
  void whatAKilledProcessLeftIsClearedAndAFailureLeavesNothing() throws IOException {
    long dead = 999_999_999L;
    Files.createDirectories(folder.resolve(".out." + dead + ".tmp"));
    Files.writeString(folder.resolve("bad.jsonl"), "{\"prompt\":\"p\"}\n");
    refused(() -> make("{\"inputs\":[{\"path\":\"bad.jsonl\"}]}"));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          new TreeSet<>(List.of("a.jsonl", "b.jsonl", "bad.jsonl", "eval.jsonl")),
          new TreeSet<>(left.map(path -> path.getFileName().toString()).toList()));
    }
  }

  @Test
  void aBadRowStopsOrIsDroppedWithItsPlaceUpToAShare() throws IOException {
    Files.writeString(
        folder.resolve("bad.jsonl"),
        """
        {"prompt":"p","answer":"1"}
        {"prompt":"p"}
        nonsense
        {"prompt":"q","answer":"1"}
        """);
    String recipe =
        "{\"inputs\":[{\"path\":\"bad.jsonl\"}],\"onBadRow\":\"%s\",\"maxBadShare\":%s}";
    String stopped = refused(() -> make(recipe.formatted("stop", "1")));
    assertTrue(stopped.startsWith(folder.resolve("bad.jsonl") + ":2: field \"answer\""), stopped);
    String share = refused(() -> make(recipe.formatted("drop", "0.4")));
    assertTrue(share.startsWith("2 of 4 rows are bad"), share);
    Summary summary = make(recipe.formatted("drop", "0.5"));
    assertEquals(2L, summary.steps().get(0).reasons().get("bad row"));
    assertEquals(
        List.of(2, 3),
        lines("dropped.jsonl").stream()
            .map(d -> d.path("place").asText())
            .map(place -> Integer.valueOf(place.substring(place.lastIndexOf(':') + 1)))
            .toList());
  }

  @Test
  void repeatedIdsStopOrAreNumbered() throws IOException {
    String recipe = "{\"inputs\":[{\"path\":\"b.jsonl\"},{\"path\":\"b.jsonl\"}],\"ids\":\"%s\"}";
    String stopped = refused(() -> make(recipe.formatted("keep")));
    assertTrue(
        stopped.startsWith(folder.resolve("b.jsonl") + ":1: id \"own\" is that of problem 1"),
        stopped);
    make(recipe.formatted("number"));
    assertEquals(
        List.of("own", "rich", "own-2", "rich-2"),
        ProblemFile.read(out.resolve("problems.jsonl")).stream().map(Problem::id).toList());
  }

  @Test
  void mistakesInRecipesAreNamedWithTheirNeighbours() throws IOException {
    List<List<String>> cases =
        List.of(
            List.of("{\"input\":[]}", "at(input): unknown key input", "did you mean inputs?"),
            List.of("{\"inputs\":[]}", "at(inputs)", "a list of at least one"),
            List.of("{\"inputs\":[{\"path\":\"none.jsonl\"}]}", "inputs[0].path", "is no file"),
            List.of("{\"inputs\":[{\"path\":\"n*.jsonl\"}]}", "no file fits n*.jsonl", "pattern"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\",\"limt\":1}]}", "limt", "did you mean limit?"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\",\"limit\":0}]}",
                "inputs[0].limit",
                "at least 1"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\",\"layout\":\"gsm8\"}]}",
                "gsm8",
                "did you mean gsm8k?"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\",\"kind\":\"maths\"}]}",
                "kind",
                "[math, option"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\",\"columns\":{\"prompt\":\"p\"}}]}",
                "columns.answer",
                "nothing"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\"}],\"steps\":[\"exact-duplicate\"]}",
                "unknown step",
                "did you mean exact-duplicates?"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\"}],\"steps\":[{\"decontaminate\":{\"ngram\":3}}]}",
                "decontaminate.against",
                "nothing"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\"}],\"steps\":[{\"decontaminate\":{\"against\":\"eval.jsonl\",\"ngrams\":3}}]}",
                "ngrams",
                "did you mean ngram?"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\"}],\"splits\":{\"train\":0.5}}",
                "at(splits)",
                "add up to 1"),
            List.of(
                "{\"inputs\":[{\"path\":\"b.jsonl\"}],\"splits\":{\"../x\":1}}",
                "file's name",
                "../x"));
    for (List<String> one : cases) {
      String message = refused(() -> make(one.get(0)));
      assertTrue(message.contains(one.get(1)) && message.contains(one.get(2)), message);
      assertEquals(1, message.lines().count(), message);
    }
    assertFalse(Files.exists(out));
  }

  private Summary make(String recipe) {
    return new PreparedFolder(out).make(preparation(recipe, 1), "etalon", "command", false);
  }

  private Preparation preparation(String recipe, int threads) {
    try {
      Recipe read = Recipe.read(JSON.readTree(recipe), key -> "at(" + key + ")");
      return new Preparation(
          read,
          OwnSteps.together(
              List.of(
                  new OwnSteps(folder),
                  new FilterSteps(
                      new Context(
                          kind -> new MathGrader(false),
                          name -> {
                            throw new IllegalArgumentException(name);
                          },
                          1,
                          folder)))),
          folder,
          threads);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String refused(Runnable action) {
    return assertThrows(DataException.class, action::run).getMessage();
  }

  private List<JsonNode> lines(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve(name))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }
}
