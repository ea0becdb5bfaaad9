package org.etalon.notebooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every cell of every notebook, in order. With {@code -Dnotebooks.write=true} the outputs are
 * written into the notebooks.
 */
class NotebooksTest {
  /** The folder of the notebooks, in which Jupyter runs them too. */
  private static final Path FOLDER = Path.of("").toAbsolutePath();

  private static final Path DISTRIBUTION =
      FOLDER.resolveSibling("training").resolve("target/etalon/lib");

  /** What notebooks write goes here; a run that is complete would not be done again. */
  private static final Path RUNS = FOLDER.resolve("target/runs");

  static List<Path> notebooks() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeAll
  static void forgetEarlierRuns() throws IOException {
    if (Files.exists(RUNS)) {
      MoreFiles.deleteRecursively(RUNS, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  @Test
  void thereAreFive() {
    assertEquals(5, notebooks().size());
  }

  /** The limit ends a cell that hangs; it is far above what any needs. */
  @ParameterizedTest
  @MethodSource("notebooks")
  @Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void everyCellRunsAndShowsWhatTheFileKeeps(Path file) {
    Notebook notebook = Notebook.read(file);
    List<List<Output>> outputs;
    try (NotebookRunner runner = new NotebookRunner(DISTRIBUTION)) {
      outputs = runner.run(notebook);
    }
    List<Output> plots =
        outputs.stream()
            .flatMap(List::stream)
            .filter(output -> output.kind().equals(Output.SVG))
            .toList();
    plots.forEach(plot -> Drawing.requireWellFormed(plot.content()));
    assertTrue(plots.size() >= 2, notebook.name() + " shows " + plots.size() + " plots");
    if (Boolean.getBoolean("notebooks.write")) {
      notebook.write(outputs);
    }
    assertShapes(Notebook.read(file), outputs);
  }

  /** A notebook that was saved without outputs shows nothing that could be out of date. */
  private static void assertShapes(Notebook notebook, List<List<Output>> outputs) {
    List<List<String>> kept = notebook.codeCells().stream().map(Notebook.Cell::kinds).toList();
    if (kept.stream().allMatch(List::isEmpty)) {
      return;
    }
    assertEquals(
        kept,
        outputs.stream().map(NotebooksTest::kinds).toList(),
        notebook.name()
            + ": the outputs in the file are of other kinds than those of its cells; run: mvn test"
            + " -pl notebooks -am -Dtest=NotebooksTest -Dsurefire.failIfNoSpecifiedTests=false"
            + " -Dnotebooks.write=true");
  }

  /** Formulas, with their places in the paper, are what a reader comes for. */
  @ParameterizedTest
  @MethodSource("notebooks")
  void teachesWithFormulasAndThePaper(Path file) {
    Notebook notebook = Notebook.read(file);
    assertTrue(notebook.prose().contains("§"), notebook.name() + " names no section of the paper");
    assertTrue(notebook.prose().contains("$"), notebook.name() + " has no formula");
  }

  private static List<String> kinds(List<Output> outputs) {
    return outputs.stream().map(Output::kind).toList();
  }
}
