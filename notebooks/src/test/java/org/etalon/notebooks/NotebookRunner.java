package org.etalon.notebooks;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/**
 * Runs a notebook's cells of code in order in one JShell, as the Java kernel does, but within this
 * process and without ports: TensorFlow is loaded once for all notebooks. The class path is this
 * process's own, which holds what the distribution holds; {@code %jar} must name the distribution.
 */
final class NotebookRunner implements AutoCloseable {
  private static final String JAR = "%jar ";

  /** What the kernel imports before the first cell. */
  private static final List<String> KERNEL_IMPORTS =
      List.of(
          "java.io",
          "java.math",
          "java.net",
          "java.util",
          "java.util.concurrent",
          "java.util.prefs",
          "java.util.regex");

  private final Path distribution;
  private final JShell shell;
  private final Map<String, Place> places = new HashMap<>();

  /** Where a snippet begins. */
  private record Place(Notebook.Cell cell, int line) {}

  /**
   * @param distribution the folder of jars that notebooks must name, absolute
   */
  NotebookRunner(Path distribution) {
    this.distribution = distribution;
    this.shell = JShell.builder().executionEngine("local").build();
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .forEach(shell::addToClasspath);
    KERNEL_IMPORTS.forEach(name -> shell.eval("import " + name + ".*;"));
    Output.DISPLAY.forEach(shell::eval);
  }

  /**
   * Runs all cells.
   *
   * @return what each cell of code showed
   * @throws CellFailure at the first that fails
   */
  List<List<Output>> run(Notebook notebook) {
    List<List<Output>> outputs = new ArrayList<>();
    for (Notebook.Cell cell : notebook.codeCells()) {
      outputs.add(run(notebook, cell));
    }
    return outputs;
  }

  private List<Output> run(Notebook notebook, Notebook.Cell cell) {
    if (cell.source().startsWith("%")) {
      requireDistribution(notebook, cell);
      return List.of();
    }
    var printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      evaluate(notebook, cell);
    } finally {
      System.setOut(before);
    }
    return Output.parse(printed.toString(StandardCharsets.UTF_8));
  }

  private void requireDistribution(Notebook notebook, Notebook.Cell cell) {
    List<String> lines = cell.source().strip().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.startsWith(JAR)) {
        throw CellFailure.at(notebook, cell, i + 1, "a cell of magics may only hold %jar FOLDER");
      }
      Path folder = notebook.file().toAbsolutePath().resolveSibling(line.substring(JAR.length()));
      if (!folder.normalize().equals(distribution)) {
        throw CellFailure.at(
            notebook, cell, i + 1, "%jar must name " + distribution + ", it names " + folder);
      }
    }
  }

  private void evaluate(Notebook notebook, Notebook.Cell cell) {
    String rest = cell.source();
    Snippet last = null;
    while (!rest.isBlank()) {
      CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      if (next.completeness() == Completeness.EMPTY) {
        break;
      }
      int line = lineAt(cell, cell.source().length() - rest.stripLeading().length());
      if (!next.completeness().isComplete()) {
        throw CellFailure.at(notebook, cell, line, "a statement or declaration does not end");
      }
      for (SnippetEvent event : shell.eval(next.source().stripLeading())) {
        last = event.snippet();
        places.put(last.id(), new Place(cell, line));
        check(notebook, event);
      }
      rest = next.remaining();
    }
    requireNoValue(notebook, last);
  }

  /** The kernel shows the value of a last expression, which display's id is too. */
  private void requireNoValue(Notebook notebook, Snippet last) {
    boolean isValue =
        last instanceof ExpressionSnippet
            || (last != null && last.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND);
    if (isValue) {
      Place place = places.get(last.id());
      throw CellFailure.at(
          notebook, place.cell(), place.line(), "a cell must not end in a value; print it");
    }
  }

  private void check(Notebook notebook, SnippetEvent event) {
    Snippet snippet = event.snippet();
    Place place = places.get(snippet.id());
    if (event.exception() != null) {
      throw thrown(notebook, place, event.exception());
    }
    if (snippet instanceof ImportSnippet it && it.fullname().equals("java.util.*")) {
      // Kernel 3.0.1 evaluates all its imports as one snippet under the name of the first.
      throw CellFailure.at(
          notebook,
          place.cell(),
          place.line(),
          "the kernel has this import, and naming it again would drop display; leave it out");
    }
    switch (event.status()) {
      case REJECTED -> throw rejected(notebook, place, snippet);
      case RECOVERABLE_DEFINED, RECOVERABLE_NOT_DEFINED ->
          throw CellFailure.at(
              notebook, place.cell(), place.line(), "not declared: " + missing(snippet));
      default -> {}
    }
  }

  private String missing(Snippet snippet) {
    return snippet instanceof DeclarationSnippet declaration
        ? shell.unresolvedDependencies(declaration).collect(Collectors.joining(", "))
        : "something it names";
  }

  private CellFailure rejected(Notebook notebook, Place place, Snippet snippet) {
    Optional<Diag> error = shell.diagnostics(snippet).filter(Diag::isError).findFirst();
    int position = (int) error.map(Diag::getPosition).orElse(0L).longValue();
    String before = snippet.source().substring(0, Math.max(0, position));
    int line = place.line() + (int) before.chars().filter(c -> c == '\n').count();
    // The lines behind the first quote the source.
    String what =
        error.flatMap(diag -> diag.getMessage(Locale.ROOT).lines().findFirst()).orElse("rejected");
    return CellFailure.at(notebook, place.cell(), line, what);
  }

  /** At the innermost snippet on the stack; a frame's file is the snippet's id behind a #. */
  private CellFailure thrown(Notebook notebook, Place place, JShellException exception) {
    String what =
        exception instanceof EvalException eval
            ? eval.getExceptionClassName() + ": " + eval.getMessage()
            : String.valueOf(exception.getMessage());
    for (StackTraceElement frame : exception.getStackTrace()) {
      String file = String.valueOf(frame.getFileName());
      Place found = file.startsWith("#") ? places.get(file.substring(1)) : null;
      if (found != null) {
        int line = found.line() + Math.max(1, frame.getLineNumber()) - 1;
        return CellFailure.at(notebook, found.cell(), line, what);
      }
    }
    return CellFailure.at(notebook, place.cell(), place.line(), what);
  }

  private static int lineAt(Notebook.Cell cell, int position) {
    return 1 + (int) cell.source().substring(0, position).chars().filter(c -> c == '\n').count();
  }

  @Override
  public void close() {
    shell.close();
  }
}
