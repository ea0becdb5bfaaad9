package org.etalon.data.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.etalon.data.DataException;
import org.etalon.data.grade.code.CodeTests;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {
  private static final String BOX =
      "Let's think step by step and output the final answer within \\boxed{}.";
  private static final String LETTER =
      "Please reason step-by-step and put your choice letter without any other text with \\boxed{}"
          + " in the end.";

  @TempDir Path folder;

  private Path write(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static BenchmarkFile read(String name, Path file, long seed) {
    return BenchmarkFile.read(Benchmarks.namedOrOwn(name), file, seed);
  }

  @Test
  void theSettingsAreThePapers() {
    Map<String, String> settings =
        Benchmarks.all().stream()
            .collect(
                Collectors.toMap(
                    Benchmark::name,
                    b -> b.problems() + " x " + b.samples() + " at " + b.temperature()));
    assertEquals(
        Map.of(
            "aime24", "30 x 64 at 1.0",
            "aime25", "30 x 64 at 1.0",
            "hmmt25", "30 x 64 at 1.0",
            "math500", "500 x 64 at 1.0",
            "lcb-v5", "279 x 8 at 0.6",
            "lcb-v6", "131 x 8 at 0.6",
            "gpqa-diamond", "198 x 16 at 1.0"),
        settings);
    assertTrue(Benchmarks.all().stream().allMatch(b -> b.topP() == 0.95));
    assertTrue(Benchmarks.all().stream().allMatch(b -> b.maxNewTokens() == 40960));
  }

  @Test
  void questionsAreAskedInThePapersWordsOnce() throws IOException {
    Path file =
        write(
            "a.jsonl",
            "{\"prompt\": \"Find $x$.\", \"answer\": \"025\"}",
            "{\"prompt\": \"Find $y$. " + BOX.replace("\\", "\\\\") + "\", \"answer\": \"7\"}");
    List<Problem> problems = read("aime24", file, 1).problems();
    assertEquals("Find $x$. " + BOX, problems.get(0).prompt());
    assertEquals("025", problems.get(0).answer());
    assertEquals("Find $y$. " + BOX, problems.get(1).prompt());
    assertEquals("Find $x$.", read("mine", file, 1).problems().get(0).prompt());
    assertEquals(
        List.of("aime24/a-1 Find $x$.", "aime24/a-2 Find $y$."),
        BenchmarkFile.questions(Benchmarks.namedOrOwn("aime24"), file, 1).stream()
            .map(p -> p.id() + " " + p.prompt())
            .toList());
  }

  @Test
  void aFileOfAnotherSizeIsAWarningThatNamesBoth() throws IOException {
    Path file = write("a.jsonl", "{\"prompt\": \"Find $x$.\", \"answer\": \"1\"}");
    List<String> warnings = read("aime24", file, 1).warnings();
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("a.jsonl holds 1 problems, AIME24 has 30"), warnings + "");
    assertEquals(List.of(), read("mine", file, 1).warnings());
    assertTrue(read("aime-24", file, 1).warnings().get(0).contains("did you mean aime24?"));
  }

  /** The released GPQA file has the right option first in every row. */
  @Test
  void optionsInThePromptAreShuffledBySeedAndId() throws IOException {
    String[] rows =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    ("{\"prompt\": [{\"content\": \"Q%d\\n\\nA) none of\\nthese?\\n\\nA. right\\nB."
                            + " two\\nlines\\nC. w2\\nD. w3\\n\\n%s\", \"role\": \"user\"}],"
                            + " \"reward_model\": {\"ground_truth\": \"A\"}}")
                        .formatted(i, LETTER.replace("\\", "\\\\")))
            .toArray(String[]::new);
    Path file = write("gpqa.jsonl", rows);
    List<Problem> one = read("gpqa-diamond", file, 1).problems();
    Map<String, Long> golds =
        one.stream().collect(Collectors.groupingBy(Problem::answer, Collectors.counting()));
    assertEquals(4, golds.size(), golds.toString());
    for (Problem problem : one) {
      assertEquals(Kind.OPTION, problem.kind());
      assertTrue(problem.prompt().contains("\n" + problem.answer() + ". right\n"));
      assertTrue(problem.prompt().contains(". two\nlines\n"));
      assertTrue(problem.prompt().endsWith("\n\n" + LETTER));
      assertEquals(problem.prompt().indexOf(LETTER), problem.prompt().lastIndexOf(LETTER));
      assertTrue(problem.prompt().contains("A) none of\nthese?\n\nA. "), problem.prompt());
    }
    assertEquals(one, read("gpqa-diamond", file, 1).problems());
    assertTrue(!one.equals(read("gpqa-diamond", file, 2).problems()));
  }

  @Test
  void gpqasOwnColumnsAreReadInTheSameForm() throws IOException {
    Path file =
        write(
            "diamond.csv",
            "Record ID,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3",
            "r1,Which?,yes,no,never,perhaps");
    Problem problem = read("gpqa-diamond", file, 3).problems().get(0);
    assertTrue(problem.prompt().startsWith("Which?\n\nA. "), problem.prompt());
    assertTrue(problem.prompt().contains("\n" + problem.answer() + ". yes\n"), problem.prompt());
  }

  @Test
  void anotherKindOfProblemIsRefusedWithItsPlace() throws IOException {
    Path file =
        write("a.jsonl", "{\"prompt\": \"Which?\", \"answer\": \"B\", \"kind\": \"option\"}");
    DataException e = assertThrows(DataException.class, () -> read("aime24", file, 1));
    assertTrue(e.getMessage().contains("a.jsonl:1: expected a problem of kind math"), e + "");
    assertEquals(Kind.OPTION, read("mine", file, 1).problems().get(0).kind());
    Path twice =
        write(
            "b.jsonl",
            "{\"id\": \"x\", \"prompt\": \"1\", \"answer\": \"1\"}",
            "{\"id\": \"x\", \"prompt\": \"2\", \"answer\": \"2\"}");
    DataException same = assertThrows(DataException.class, () -> read("mine", twice, 1));
    assertTrue(same.getMessage().contains("b.jsonl:2"), same + "");
  }

  @Test
  void liveCodeBenchsRowsAreThoseOfItsMonths() throws IOException {
    String row =
        "{\"question_title\": \"t\", \"question_content\": \"Add.\", \"platform\": \"leetcode\","
            + " \"question_id\": \"%s\", \"contest_id\": \"c\", \"contest_date\": \"%sT00:00:00\","
            + " \"starter_code\": \"%s\", \"difficulty\": \"easy\", \"public_test_cases\":"
            + " \"[{\\\"input\\\": \\\"1\\\", \\\"output\\\": \\\"2\\\", \\\"testtype\\\": \\\"%s\\\"}]\","
            + " \"private_test_cases\": \"[]\", \"metadata\": \"%s\"}";
    Path file =
        write(
            "test6.jsonl",
            row.formatted("a", "2025-01-31", "", "stdin", "{}"),
            row.formatted("b", "2025-02-01", "", "stdin", "{}"),
            row.formatted(
                "c",
                "2025-04-06",
                "class Solution:\\n    def add(self):\\n        ",
                "functional",
                "{\\\"func_name\\\": \\\"add\\\"}"));
    BenchmarkFile v6 = read("lcb-v6", file, 1);
    assertEquals(List.of("b", "c"), v6.problems().stream().map(Problem::id).toList());
    assertTrue(v6.warnings().get(1).contains("1 rows have no answer to check, or another date"));
    assertEquals("a", read("lcb-v5", file, 1).problems().get(0).id());
    assertTrue(v6.problems().get(0).prompt().contains("# YOUR CODE HERE"));
    String starter = v6.problems().get(1).prompt();
    assertTrue(starter.contains("### Question:\nAdd.\n\n### Format: You will"), starter);
    assertTrue(starter.contains("\n    def add(self):\n        \n```\n\n### Answer"), starter);
    assertEquals("add", CodeTests.fromJson(v6.problems().get(1).answer(), "gold").function());
    Path own = write("own.jsonl", "{\"prompt\": \"Add.\", \"kind\": \"code\", \"answer\": \"{}\"}");
    assertTrue(read("lcb-v6", own, 1).problems().get(0).prompt().contains("### Question:\nAdd."));
  }

  @Test
  void programsAreAskedForByStandardInputOrStarterCode() {
    String stdin = Wording.PROGRAM.asked("Add two numbers.");
    assertTrue(stdin.contains("### Question:\nAdd two numbers.\n\n### Format: Read the inputs"));
    assertTrue(stdin.contains("```python\n# YOUR CODE HERE\n```\n\n### Answer: "));
    String starter =
        Wording.PROGRAM.asked("Add.\n\n```python\nclass Solution:\n    def add(self):\n```");
    assertTrue(starter.contains("### Question:\nAdd.\n\n### Format: You will use the following"));
    assertTrue(starter.contains("```python\nclass Solution:\n    def add(self):\n```\n\n### Ans"));
    assertEquals(starter, Wording.PROGRAM.asked(starter));
    String example = Wording.PROGRAM.asked("```python\nx\n```\nAdd. " + "a ".repeat(100_000));
    assertTrue(example.contains("# YOUR CODE HERE"), "a block in the middle is no starter code");
    assertTrue(
        Wording.PROGRAM.asked("A\n```python\n" + "b ".repeat(100_000) + "\n```").length() > 0);
  }

  @Test
  void thePapersTablesAreWholeAndItsOwnRowIsTheSameInAll() {
    List<PaperTables.Table> tables = PaperTables.all();
    assertEquals(List.of(11, 20, 7), tables.stream().map(t -> t.rows().size()).toList());
    for (PaperTables.Table table : tables) {
      PaperTables.Row last = table.rows().get(table.rows().size() - 1);
      assertEquals("VibeThinker-1.5B", last.model());
      assertEquals(80.3, last.scores().get("aime24"));
      assertEquals(46.7, last.scores().get("gpqa-diamond"));
    }
    Map<String, Double> whole = tables.get(0).rows().get(10).scores();
    assertEquals(
        Benchmarks.all().stream().map(Benchmark::name).collect(Collectors.toSet()), whole.keySet());
    assertEquals(95.0, whole.get("math500"));
    assertEquals(Optional.empty(), Benchmarks.nearest("aime24"));
  }
}
