package org.etalon.data.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.etalon.data.DataException;
import org.etalon.data.grade.code.CodeTests;
import org.etalon.data.problem.Kind;
import org.etalon.data.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One row of every published layout, by its published column names. */
class LayoutsTest {
  @TempDir Path folder;

  @Test
  void vibeThinkersRowsLoseTheirInstruction() throws IOException {
    Problem problem =
        only(
            "verl",
            """
            {"data_source":"","prompt":[{"content":"Find $xy$. Let's think step by step and output \
            the final answer within \\\\boxed{}.","role":"user"}],"ability":"math",\
            "reward_model":{"ground_truth":"025","style":"rule"},"extra_info":{"index":1}}""");
    assertEquals(new Problem("rows-1", "general", "Find $xy$.", "025", List.of()), problem);
  }

  @Test
  void aNumberIsAnAnswerInText() throws IOException {
    assertEquals(
        "70",
        only(
                "verl",
                "{\"prompt\":[{\"role\":\"user\",\"content\":\"q\"}],\"reward_model\":{\"ground_truth\":70}}")
            .answer());
  }

  @Test
  void dapoRowsLoseTheInstructionAroundTheQuestionAndKeepTheirName() throws IOException {
    Problem problem =
        only(
            "verl",
            """
            {"data_source":"math_dapo","prompt":[{"content":"Solve the following math problem step \
            by step. The last line of your response should be of the form Answer: $Answer (without \
            quotes) where $Answer is the answer to the problem.\\n\\nWhat is 1+1?\\n\\nRemember to \
            put your answer on its own line after \\"Answer:\\".","role":"user"}],"ability":"MATH",\
            "reward_model":{"ground_truth":"2","style":"rule-lighteval/MATH_v2"},\
            "extra_info":{"index":"9a9b6eb4"}}""");
    assertEquals(new Problem("9a9b6eb4", "general", "What is 1+1?", "2", List.of()), problem);
  }

  @Test
  void openR1KeepsTheGenerationsMarkedRight() throws IOException {
    Problem problem =
        only(
            "openr1-math",
            """
            {"problem":"p","solution":"s","answer":"4","problem_type":"Number Theory",\
            "question_type":"math-word-problem","source":"olympiads","uuid":"u1",\
            "is_reasoning_complete":[true,true,false],"generations":["a","b","c"],\
            "correctness_math_verify":[true,false,true],"correctness_llama":null,\
            "finish_reasons":null,"correctness_count":1,"messages":[]}""");
    assertEquals(new Problem("u1", "number-theory", "p", "4", List.of("a")), problem);
  }

  @Test
  void gsm8kGivesTheNumberAfterTheMarkAndTheRationaleAsATrace() throws IOException {
    Problem problem =
        only(
            "gsm8k", "{\"question\":\"How many?\",\"answer\":\"48/2 = <<48/2=24>>24.\\n#### 72\"}");
    assertEquals("72", problem.answer());
    assertEquals(List.of("48/2 = 24.\n\\boxed{72}"), problem.traces());
  }

  @Test
  void mathTakesTheLastBoxAndTheType() throws IOException {
    Problem problem =
        only(
            "math",
            """
            {"problem":"p","level":"Level 5","type":"Counting & Probability",\
            "solution":"First \\\\boxed{1}, so $\\\\boxed{\\\\frac{1}{2}}$."}""");
    assertEquals("\\frac{1}{2}", problem.answer());
    assertEquals("counting-probability", problem.subdomain());
    assertEquals(1, problem.traces().size());
  }

  @Test
  void numinaTakesTheBoxAndPassesOverProofs() throws IOException {
    assertEquals(
        "7",
        only(
                "numina-cot",
                "{\"source\":\"s\",\"problem\":\"p\",\"solution\":\"\\\\boxed 7\",\"messages\":[]}")
            .answer());
    Path file =
        file(
            "jsonl",
            "{\"source\":\"s\",\"problem\":\"p\",\"solution\":\"Clear.\",\"messages\":[]}\n");
    try (ProblemSource source = ProblemSource.open(file, Layouts.auto(0))) {
      assertEquals(null, source.next());
      assertEquals(1, source.withoutAnswer());
    }
    Problem one =
        only(
            "numina-1.5",
            """
            {"problem":"p","solution":"s","answer":"3","problem_type":"Geometry",\
            "question_type":"MCQ","source":"x","uuid":null,"problem_is_valid":"Yes",\
            "solution_is_valid":"Yes","synthetic":false}""");
    assertEquals("geometry", one.subdomain());
  }

  @Test
  void deepScalerMath500AndAimeAreQuestionsWithAnswers() throws IOException {
    assertEquals(
        "4", only("deepscaler", "{\"problem\":\"p\",\"answer\":\"4\",\"solution\":\"\"}").answer());
    Problem math500 =
        only(
            "math-500",
            """
            {"problem":"p","solution":"\\\\boxed{3}","answer":"3","subject":"Precalculus",\
            "level":2,"unique_id":"test/precalculus/807.json"}""");
    assertEquals("test/precalculus/807.json", math500.id());
    assertEquals("precalculus", math500.subdomain());
    for (String row :
        List.of(
            "{\"id\":60,\"problem\":\"p\",\"solution\":\"s\",\"answer\":\"204\",\"url\":\"u\",\"year\":\"2024\"}",
            "{\"ID\":\"60\",\"Problem\":\"p\",\"Solution\":\"s\",\"Answer\":204}",
            "{\"id\":\"60\",\"question\":\"p\",\"answer\":\"204\"}",
            "{\"problem_idx\":60,\"problem\":\"p\",\"answer\":204,\"problem_type\":[\"Algebra\"]}")) {
      Problem aime = only("question-answer", row);
      assertEquals("60 p 204", aime.id() + " " + aime.prompt() + " " + aime.answer());
    }
  }

  @Test
  void gpqaOptionsAreShuffledBySeedAndTheLetterIsTheAnswer() throws IOException {
    String row =
        """
        {"Record ID":"rec1","Question":"Q?","Correct Answer":"right ","Incorrect Answer 1":"w1",\
        "Incorrect Answer 2":"w2","Incorrect Answer 3":"w3","High-level domain":"Physics"}""";
    Problem problem = only("gpqa", row);
    assertEquals(Kind.OPTION, problem.kind());
    assertEquals("physics", problem.subdomain());
    assertTrue(problem.prompt().contains("(" + problem.answer() + ") right"), problem.prompt());
    long different =
        java.util.stream.LongStream.range(0, 20)
            .mapToObj(seed -> map(row, seed).answer())
            .distinct()
            .count();
    assertEquals(4, different);
  }

  @Test
  void liveCodeBenchRowsBringTheirTestsAndStarterCode() throws IOException {
    Problem problem =
        only(
            "livecodebench",
            """
            {"question_title":"t","question_content":"Add one.","platform":"leetcode",\
            "question_id":"3200","difficulty":"easy","starter_code":"class Solution:",\
            "public_test_cases":"[{\\"input\\":\\"1\\",\\"output\\":\\"2\\",\\"testtype\\":\\"functional\\"}]",\
            "private_test_cases":"","metadata":"{\\"func_name\\":\\"add\\"}"}""");
    assertEquals(Kind.CODE, problem.kind());
    assertEquals("3200 easy", problem.id() + " " + problem.subdomain());
    assertEquals("Add one.\n\n```python\nclass Solution:\n```", problem.prompt());
    assertEquals("add", CodeTests.fromJson(problem.answer(), "test").function());
  }

  @Test
  void aSetOfAnyLayoutHasUniqueIdsAndTracesWhereNeeded() throws IOException {
    String row = "{\"uuid\":\"u\",\"problem\":\"p\",\"answer\":\"1\",\"generations\":[\"t\"]}\n";
    assertEquals("u", ProblemSource.readSet(file("jsonl", row), true, 1).get(0).id());
    Path twice = file("jsonl", row + row);
    assertThrows(DataException.class, () -> ProblemSource.readSet(twice, false, 1));
    Path bare = file("jsonl", "{\"question\":\"p\",\"answer\":\"1\"}\n");
    assertEquals(1, ProblemSource.readSet(bare, false, 1).size());
    assertThrows(DataException.class, () -> ProblemSource.readSet(bare, true, 1));
    Path own = file("jsonl", "{\"prompt\":\"p\",\"answer\":\"1\"}\n");
    assertEquals("line-1", ProblemSource.readSet(own, false, 1).get(0).id());
  }

  @Test
  void columnsAreDottedPathsAndLists() throws IOException {
    Path file =
        file(
            "jsonl",
            "{\"q\":{\"text\":\"p\"},\"a\":[{\"v\":5}],\"s\":[\"t1\",\"\",\"t2\"],\"k\":\"A B\",\"n\":9}\n");
    Columns columns = new Columns("q.text", "a[0].v", "s", "k", "n");
    assertEquals(
        List.of(new Problem("9", "a-b", "p", "5", List.of("t1", "t2"))),
        ProblemSource.readAll(file, columns));
    String message =
        assertThrows(
                DataException.class,
                () -> ProblemSource.readAll(file, new Columns("question", "a", "", "", "")))
            .getMessage();
    assertTrue(message.contains("expected a column question, found [q, a, s, k, n]"), message);
  }

  @Test
  void anUnfitFileNamesColumnsExpectedAndFound() throws IOException {
    Path file = file("jsonl", "{\"text\":\"p\",\"label\":1}\n");
    String auto =
        assertThrows(DataException.class, () -> ProblemSource.open(file, Layouts.auto(0)))
            .getMessage();
    assertTrue(auto.contains("[text, label]") && auto.contains("[prompt, answer]"), auto);
    String named =
        assertThrows(DataException.class, () -> ProblemSource.open(file, Layouts.named("gsm8k", 0)))
            .getMessage();
    assertTrue(named.contains("[question, answer], found [text, label]"), named);
    String unknown = assertThrows(DataException.class, () -> Layouts.named("gsm8", 0)).getMessage();
    assertTrue(unknown.contains("did you mean gsm8k?"), unknown);
  }

  private Problem only(String layout, String row) throws IOException {
    Path file = file("jsonl", row + "\n");
    try (ProblemSource source = ProblemSource.open(file, Layouts.auto(0))) {
      assertEquals(layout, source.layout());
    }
    List<Problem> problems = ProblemSource.readAll(file, Layouts.named(layout, 0));
    assertEquals(1, problems.size());
    return problems.get(0);
  }

  private Problem map(String row, long seed) {
    return Layouts.named("gpqa", seed)
        .map(new Row(folder, true, 1, row.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .problem()
        .orElseThrow();
  }

  private Path file(String ending, String text) throws IOException {
    return Files.writeString(folder.resolve("rows." + ending), text);
  }
}
