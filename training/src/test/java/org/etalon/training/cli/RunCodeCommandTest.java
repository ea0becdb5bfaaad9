package org.etalon.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RunCodeCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void verdictsAreWrittenAndCounted() throws IOException {
    Path input =
        Files.writeString(
            folder.resolve("in.jsonl"),
            """
            {"id": "a", "code": "print(1)", "kind": "stdin", "tests": [{"input": "", "output": "1"}]}
            {"id": "b", "code": "print(2)", "kind": "stdin", "tests": [{"input": "", "output": "1"}]}
            """);
    Path output = folder.resolve("out.jsonl");
    assertEquals(0, run("--input", input.toString(), "--output", output.toString()));
    assertEquals("OK 1, WA 1" + System.lineSeparator(), out.toString());
    assertEquals(2, Files.readAllLines(output).size());
    assertEquals(2, run("--input", input.toString(), "--output", output.toString()));
    assertTrue(err.toString().contains("already exists; add --force"), err.toString());
    assertEquals(0, run("--input", input.toString(), "--output", output.toString(), "--force"));
  }

  @Test
  void workersAreAtLeastOne() {
    assertEquals(2, run("--input", "x", "--output", folder + "/y", "--workers", "0"));
    assertTrue(err.toString().contains("--workers: expected at least 1, got 0"), err.toString());
  }

  private int run(String... args) {
    CommandLine etalon = Etalon.commandLine();
    etalon.setOut(new PrintWriter(out));
    etalon.setErr(new PrintWriter(err));
    String[] all = new String[args.length + 1];
    all[0] = "run-code";
    System.arraycopy(args, 0, all, 1, args.length);
    return etalon.execute(all);
  }
}
