package org.etalon.training.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.data.grade.GradeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Grades answers without a model. */
@Command(
    name = "grade",
    description = "Grades a file of answers.",
    subcommands = GradeCommand.MathCommand.class)
final class GradeCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new DataException("say what to grade: etalon grade math --input FILE --output FILE");
  }

  /** Mathematical answers against gold answers. */
  @Command(
      name = "math",
      mixinStandardHelpOptions = true,
      description = {
        "Input: gold answer, tab, prediction; no header. Output: the same two columns, verdict",
        "(true or false), form (number, formula or text) and reason."
      })
  static final class MathCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--input", required = true, paramLabel = "FILE", description = "Pairs.")
    private Path input;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "Verdicts.")
    private Path output;

    @Option(names = "--force", description = "Replaces an output file that exists.")
    private boolean force;

    @Override
    public Integer call() {
      if (!force && Files.exists(output)) {
        throw new DataException(
            output + ": already exists; add --force or choose another --output");
      }
      GradeFile.Counts counts = GradeFile.math(input, output);
      var out = spec.commandLine().getOut();
      out.printf("%d of %d correct%n", counts.correct(), counts.pairs());
      out.flush();
      return 0;
    }
  }
}
