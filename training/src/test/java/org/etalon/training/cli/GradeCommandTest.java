package org.etalon.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GradeCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void mathematicalAnswersAreGraded() throws IOException {
    write("in", "1/2\t\\boxed{0.5}\n2\t3\n");
    assertEquals(0, grade("math"), err.toString());
    assertEquals("1 of 2 correct\n", out.toString());
    assertTrue(read().get(0).startsWith("1/2\t\\boxed{0.5}\ttrue\tnumber\t"), read().get(0));
  }

  @Test
  void optionsAreGraded() throws IOException {
    write("in", "C\tThe answer is (C).\nA\t\\boxed{B}\nB␤A. 3␤B. 4\t\\boxed{4}\textra\n");
    assertEquals(0, grade("options"), err.toString());
    assertEquals("2 of 3 correct\n", out.toString());
    assertEquals(
        List.of(
            "C\tThe answer is (C).\ttrue\toption\tthe option",
            "A\t\\boxed{B}\tfalse\toption\tanother option",
            "B␤A. 3␤B. 4\t\\boxed{4}\ttrue\toption\tthe option"),
        read());
  }

  @Test
  void goldAnswerThatIsNoLetterIsNamedByFileAndLine() throws IOException {
    write("in", "A\tA\n42\tA\n");
    assertEquals(2, grade("options"));
    assertTrue(err.toString().contains("in:2: expected an option's letter"), err.toString());
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void constraintsAreGradedAtBothLevels() throws IOException {
    write(
        "in",
        """
        {"id": "a", "response": "Sure:\\nno capitals here", "rules": [{"rule": "punctuation:no_comma"}, {"rule": "count:lines", "relation": "exactly", "number": 1}]}
        {"key": 7, "prompt": "p", "response": "One, two", "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
        """);
    assertEquals(0, grade("constraints"), err.toString());
    assertEquals(
        List.of(
            "prompt level: strict 0.0 % (0 of 2), loose 50.0 % (1 of 2)",
            "instruction level: strict 33.3 % (1 of 3), loose 66.7 % (2 of 3)"),
        out.toString().lines().toList());
    assertEquals(
        "{\"id\":\"a\",\"correct\":false,\"correct_loose\":true,\"rules\":["
            + "{\"rule\":\"punctuation:no_comma\",\"strict\":true,\"loose\":true,\"reason\":\"\"},"
            + "{\"rule\":\"count:lines\",\"strict\":false,\"loose\":true,"
            + "\"reason\":\"2 lines, exactly 1 wanted\"}]}",
        read().get(0));
    assertTrue(read().get(1).startsWith("{\"id\":7,\"correct\":false"), read().get(1));
  }

  @Test
  void mistypedRuleIsOneLineWithItsNeighbour() throws IOException {
    write("in", "{\"id\": 1, \"response\": \"x\", \"rules\": [{\"rule\": \"count:wrods\"}]}\n");
    assertEquals(2, grade("constraints"));
    assertTrue(err.toString().contains("did you mean \"count:words\"?"), err.toString());
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void anOutputFileIsNotReplacedUnasked() throws IOException {
    write("in", "A\tA\n");
    write("out", "kept");
    assertEquals(2, grade("options"));
    assertEquals(List.of("kept"), read());
    assertEquals(0, grade("options", "--force"), err.toString());
    assertEquals(2, run("grade"));
    assertTrue(err.toString().contains("say what to grade"), err.toString());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private List<String> read() throws IOException {
    return Files.readAllLines(folder.resolve("out"));
  }

  private int grade(String what, String... more) {
    String[] args = {
      "grade",
      what,
      "--input",
      folder.resolve("in").toString(),
      "--output",
      folder.resolve("out").toString()
    };
    return run(Stream.of(args, more).flatMap(Arrays::stream).toArray(String[]::new));
  }

  private int run(String... args) {
    CommandLine etalon = Etalon.commandLine();
    etalon.setOut(new PrintWriter(out, true));
    etalon.setErr(new PrintWriter(err, true));
    return etalon.execute(args);
  }
}
