package org.etalon.data.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.etalon.data.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemFileTest {
  private static final String GOOD = "{\"id\":\"a\",\"prompt\":\"1+1?\",\"answer\":\"2\"}";

  @TempDir Path folder;

  @Test
  void absentOptionalFieldsGetTheirDefaults() throws IOException {
    Path file = file("{\"prompt\":\"1+1?\",\"answer\":\"2\"}\n");
    assertEquals(
        List.of(new Problem("line-1", "general", "1+1?", "2", List.of())), ProblemFile.read(file));
  }

  @Test
  void theKindOfAnAnswerIsKept() throws IOException {
    Path file = folder.resolve("kinds.jsonl");
    List<Problem> problems =
        Arrays.stream(Kind.values())
            .map(kind -> new Problem(kind.label(), "s", "p", "A", List.of(), kind))
            .toList();
    ProblemFile.write(file, problems);
    assertEquals(problems, ProblemFile.read(file));
    assertEquals(3, Files.readString(file).split("\"kind\":").length - 1);
  }

  @Test
  void lastLineMayLackItsBreakAndCarriageReturnsAreWhiteSpace() throws IOException {
    Path file = file(GOOD + "\r\n" + GOOD.replace("\"a\"", "\"b\""));
    assertEquals(2, ProblemFile.read(file).size());
  }

  @Test
  void blankLinesAtTheEndAreTolerated() throws IOException {
    assertEquals(1, ProblemFile.read(file(GOOD + "\n\n \n")).size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"prompt\":\"p\",\"answr\":\"2\"} | unknown field \"answr\" | did you mean \"answer\"?",
        "{\"prompt\":\"p\",\"zzzzzzzzzz\":\"2\"} | unknown field \"zzzzzzzzzz\" | remove it",
        "{\"prompt\":\"p\",\"prompt\":\"q\",\"answer\":\"2\"} | field \"prompt\" | twice",
        "{\"traces\":[],\"traces\":[],\"prompt\":\"p\",\"answer\":\"2\"} | \"traces\" | twice",
        "{\"prompt\":\"p\",\"answer\":42} | field \"answer\" | got the number 42; write it in quotes",
        "{\"prompt\":\"p\",\"answer\":null} | field \"answer\" | got null",
        "{\"prompt\":\"p\",\"answer\":\" \"} | field \"answer\" | blank",
        "{\"prompt\":\"p\"} | field \"answer\" | got no such field",
        "{\"prompt\":{\"a\":1},\"answer\":\"2\"} | field \"prompt\" | got an object",
        "{\"prompt\":\"p\",\"answer\":\"2\",\"traces\":\"t\"} | field \"traces\" | got the string \"t\"",
        "{\"prompt\":\"p\",\"answer\":\"2\",\"traces\":[\"t\",1]} | field \"traces[1]\" | number 1",
        "{\"prompt\":\"p\",\"answer\":\"2\",\"kind\":\"maths\"} | field \"kind\" | got \"maths\"",
        "[1] | expected a JSON object | got a list",
        "hello | not JSON | one object per line",
        "{\"prompt\":\"p\",\"answer\":\"2\"} {} | nothing after the object | got an object",
        "{\"prompt\":\"p\",\"answer\":\"2\" | not JSON | one object per line",
        "{\"prompt\":\"\\ud83d\",\"answer\":\"2\"} | field \"prompt\" | surrogate",
        "`` | got a blank line | remove the line",
        "{\"id\":\"a\",\"prompt\":\"p\",\"answer\":\"2\"} | got \"a\" which line 1 has | rename",
      })
  void badLineIsRefusedWithPlaceFieldAndRemedy(String line, String says, String remedy)
      throws IOException {
    Path file = file(GOOD + "\n" + line + "\n" + GOOD.replace("\"a\"", "\"c\"") + "\n");
    String message = assertThrows(DataException.class, () -> ProblemFile.read(file)).getMessage();
    assertTrue(message.startsWith(file + ":2: "), message);
    assertTrue(message.contains(says), message);
    assertTrue(message.contains(remedy), message);
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() throws IOException {
    byte[] bytes = (GOOD + "\n" + GOOD).getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 4] = (byte) 0xC3;
    Path file = Files.write(folder.resolve("bad.jsonl"), bytes);
    String message = assertThrows(DataException.class, () -> ProblemFile.read(file)).getMessage();
    assertTrue(message.startsWith(file + ":2: expected UTF-8"), message);
  }

  @Test
  void byteOrderMarkIsRefused() throws IOException {
    Path file = file("\ufeff" + GOOD);
    String message = assertThrows(DataException.class, () -> ProblemFile.read(file)).getMessage();
    assertTrue(message.contains("byte order mark"), message);
  }

  @Test
  void emptyFileMissingFileAndFolderAreRefused() throws IOException {
    Path empty = file("");
    assertThrows(DataException.class, () -> ProblemFile.read(empty));
    assertThrows(DataException.class, () -> ProblemFile.read(folder.resolve("none.jsonl")));
    assertThrows(DataException.class, () -> ProblemFile.read(folder));
  }

  @Test
  void streamingReadsNoFurtherThanAsked() throws IOException {
    Path file = file(GOOD + "\nnot json\n");
    try (Stream<Problem> problems = ProblemFile.stream(file)) {
      assertEquals("a", problems.iterator().next().id());
    }
  }

  @Test
  void whatIsWrittenReadsBackEqual() throws IOException {
    Random random = new Random(1);
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      List<String> traces = new ArrayList<>();
      for (int t = random.nextInt(4); t > 0; t--) {
        traces.add(text(random));
      }
      problems.add(new Problem("p" + i, text(random), text(random), text(random), traces));
    }
    Path file = folder.resolve("round.jsonl");
    ProblemFile.write(file, problems);
    assertEquals(problems, ProblemFile.read(file));
    assertEquals(problems.size(), Files.readAllLines(file).size());
  }

  @Test
  void failedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = file(GOOD + "\n");
    Problem problem = new Problem("same", "s", "p", "1", List.of());
    assertThrows(DataException.class, () -> ProblemFile.write(file, List.of(problem, problem)));
    assertEquals(GOOD + "\n", Files.readString(file));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void writingIntoAMissingFolderNamesTheFile() {
    Path file = folder.resolve("no/such/file.jsonl");
    String message =
        assertThrows(DataException.class, () -> ProblemFile.write(file, List.of())).getMessage();
    assertTrue(message.startsWith(file.toString()), message);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(30); i > 0; i--) {
      int code = random.nextInt(4) == 0 ? random.nextInt(0x110000) : random.nextInt(128);
      if (code < 0xD800 || code > 0xDFFF) {
        text.appendCodePoint(code);
      }
    }
    return text.toString();
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("problems.jsonl"), content);
  }
}
