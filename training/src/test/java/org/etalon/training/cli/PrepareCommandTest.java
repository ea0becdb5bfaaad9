package org.etalon.training.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.etalon.data.problem.ProblemFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrepareCommandTest {
  @TempDir Path folder;
  private final StringWriter said = new StringWriter();

  @BeforeEach
  void input() throws IOException {
    Files.writeString(
        folder.resolve("gsm.jsonl"),
        """
        {"question":"How many are 1 and 1?","answer":"1+1 = <<1+1=2>>2\\n#### 2"}
        {"question":"How many are 1 and 2?","answer":"#### 3"}
        """);
  }

  @Test
  void aFileIsConvertedWithoutARecipeOnce() {
    assertEquals(0, run("--input", folder.resolve("gsm.jsonl").toString()));
    assertEquals(
        "1+1 = 2\n\\boxed{2}",
        ProblemFile.read(folder.resolve("out/problems.jsonl")).get(0).traces().get(0));
    assertTrue(said.toString().contains("problems.jsonl: 2 problems"), said.toString());
    assertEquals(0, run("--input", folder.resolve("gsm.jsonl").toString()));
    assertTrue(said.toString().contains("up to date"), said.toString());
  }

  @Test
  void overridesReachIntoTheRecipe() throws IOException {
    String recipe = recipe("inputs:\n  - path: gsm.jsonl\nsteps: [exact-duplicates]\n");
    assertEquals(
        0, run("--recipe", recipe, "--set", "inputs[0].limit=1", "--set", "splits={a: 1}"));
    assertEquals(1, ProblemFile.read(folder.resolve("out/a.jsonl")).size());
  }

  @Test
  void mistakesAreNamedByFileAndLine() throws IOException {
    assertEquals(2, run("--recipe", recipe("inputs:\n  - path: gsm.jsonl\n    limt: 3\n")));
    assertTrue(
        said.toString().contains("recipe.yaml:3: unknown key inputs[0].limt"), said.toString());
    assertEquals(
        2, run("--recipe", recipe("inputs:\n  - path: gsm.jsonl\nsteps:\n  - decontam: {}\n")));
    assertTrue(said.toString().contains("recipe.yaml:4: unknown step decontam"), said.toString());
    assertEquals(
        2, run("--recipe", recipe("inputs:\n  - path: gsm.jsonl\n"), "--set", "inputs[0].limit=x"));
    assertTrue(
        said.toString().contains("--set inputs[0].limit=x: inputs[0].limit must be"),
        said.toString());
    assertEquals(
        2, run("--recipe", recipe("inputs:\n  - path: gsm.jsonl\n"), "--set", "inputs[1].limit=1"));
    assertEquals(2, run());
  }

  @Test
  void theExampleRuns() {
    assertEquals(0, run("--recipe", "src/main/examples/prepare.yaml"));
    assertTrue(Files.exists(folder.resolve("out/probe.jsonl")));
  }

  private String recipe(String text) throws IOException {
    return Files.writeString(folder.resolve("recipe.yaml"), text).toString();
  }

  private int run(String... args) {
    said.getBuffer().setLength(0);
    List<String> all =
        new ArrayList<>(List.of("prepare", "--out", folder.resolve("out").toString()));
    all.addAll(List.of(args));
    var etalon = Etalon.commandLine();
    etalon.setOut(new PrintWriter(said));
    etalon.setErr(new PrintWriter(said));
    return etalon.execute(all.toArray(String[]::new));
  }
}
