package org.etalon.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotebookRunnerTest {
  private static final Path JARS = Path.of("jars").toAbsolutePath();

  private static List<List<Output>> run(String... cells) {
    try (NotebookRunner runner = new NotebookRunner(JARS)) {
      return runner.run(Notebook.of("n.ipynb", cells));
    }
  }

  private static void assertFails(String message, String... cells) {
    CellFailure failure = assertThrows(CellFailure.class, () -> run(cells));
    assertTrue(failure.getMessage().startsWith(message), failure.getMessage());
  }

  @Test
  void cellsShareOneShell() {
    List<List<Output>> outputs =
        run("int a = 3;\nint twice(int x) { return 2 * x; }", "System.out.print(twice(a));");
    assertEquals(List.of(List.of(), List.of(new Output(Output.STREAM, "6"))), outputs);
  }

  @Test
  void printedTextAndDisplaysStayInOrder() {
    List<Output> outputs =
        run("System.out.println(\"a\"); display(\"text/html\", \"<svg >\"); display(\"<b>b</b>\"); System.out.print(\"c\");")
            .get(0);
    assertEquals(
        List.of(
            new Output(Output.STREAM, "a\n"),
            new Output(Output.SVG, "<svg >"),
            new Output("text/html", "<b>b</b>"),
            new Output(Output.STREAM, "c")),
        outputs);
  }

  @Test
  void anErrorOfTheCompilerIsFoundByCellAndLine() {
    assertFails(
        "n.ipynb, code cell 2, line 3: incompatible types: java.lang.String cannot be converted to int",
        "int a = 1;",
        "int b = 2;\n\nint c = \"text\";\nint d = 4;");
  }

  @Test
  void anErrorWithinAMethodIsFoundByItsLine() {
    assertFails(
        "n.ipynb, code cell 1, line 4: incompatible types",
        "int b = 2;\nint f() {\n  int x = 1;\n  x = \"text\";\n  return x;\n}");
  }

  @Test
  void anExceptionIsFoundWhereItWasThrown() {
    assertFails(
        "n.ipynb, code cell 1, line 4: java.lang.IllegalStateException: no",
        "int a = 1;\nvoid f(int x) {\n  if (x > 0) {\n    throw new IllegalStateException(\"no\");\n  }\n}",
        "f(0);\nf(1);");
  }

  @Test
  void aNameThatIsNowhereDeclaredFails() {
    assertFails("n.ipynb, code cell 1, line 2: ", "int a = 1;\nint f() { return missing; }");
  }

  @Test
  void aStatementThatDoesNotEndFails() {
    assertFails("n.ipynb, code cell 1, line 2: a statement", "int a = 1;\nvoid f() {");
  }

  @Test
  void theOnlyMagicIsTheDistribution() {
    assertEquals(List.of(List.of()), run("%jar jars\n"));
    assertFails("n.ipynb, code cell 1, line 1: %jar must name " + JARS, "%jar lib");
    assertFails(
        "n.ipynb, code cell 2, line 2: a cell of magics", "int a = 1;", "%jar jars\n%bash ls");
  }

  @Test
  void whatTheKernelWouldNotRunAlikeFails() {
    assertFails(
        "n.ipynb, code cell 1, line 2: the kernel has this import", "\nimport java.util.*;");
    assertFails("n.ipynb, code cell 1, line 2: a cell must not end", "int a = 1;\na + 1");
    assertFails("n.ipynb, code cell 1, line 1: a cell must not end", "display(\"<b>b</b>\");");
  }

  @Test
  void theKernelsImportsAreThere() {
    assertEquals(
        List.of(List.of(new Output(Output.STREAM, "[]"))),
        run("var all = new ArrayList<BigInteger>();\nSystem.out.print(all);"));
  }
}
