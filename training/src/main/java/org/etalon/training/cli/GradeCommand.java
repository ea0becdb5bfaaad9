package org.etalon.training.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.etalon.data.DataException;
import org.etalon.data.grade.GradeFile;
import org.etalon.data.grade.constraint.ConstraintFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Grades answers without a model. */
@Command(
    name = "grade",
    description = "Grades a file of answers.",
    subcommands = {
      GradeCommand.MathCommand.class,
      GradeCommand.OptionsCommand.class,
      GradeCommand.ConstraintsCommand.class
    })
final class GradeCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new DataException(
        "say what to grade: etalon grade math, options or constraints --input FILE --output FILE");
  }

  /** Where answers come from and verdicts go. */
  static final class InputAndOutput {
    @Option(names = "--input", required = true, paramLabel = "FILE", description = "Answers.")
    private Path input;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "Verdicts.")
    private Path output;

    @Option(names = "--force", description = "Replaces an output file that exists.")
    private boolean force;

    private Path output() {
      if (!force && Files.exists(output)) {
        throw new DataException(
            output + ": already exists; add --force or choose another --output");
      }
      return output;
    }
  }

  private static int print(CommandSpec spec, GradeFile.Counts counts) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%d of %d correct%n", counts.correct(), counts.pairs());
    out.flush();
    return 0;
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
    @Mixin private InputAndOutput files;

    @Override
    public Integer call() {
      return print(spec, GradeFile.math(files.input, files.output()));
    }
  }

  /** Choices among options against gold letters. */
  @Command(
      name = "options",
      mixinStandardHelpOptions = true,
      description = {
        "Input: gold letter, tab, prediction; no header. The gold letter may be followed by the",
        "options, a line each. Output: the same two columns, verdict (true or false), form (option)",
        "and reason."
      })
  static final class OptionsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private InputAndOutput files;

    @Override
    public Integer call() {
      return print(spec, GradeFile.options(files.input, files.output()));
    }
  }

  /** Responses against the rules of their prompts. */
  @Command(
      name = "constraints",
      mixinStandardHelpOptions = true,
      description = {
        "Input: JSON lines with id, response, and rules or IFEval's instruction_id_list and kwargs.",
        "Output: JSON lines with id, correct, correct_loose and each rule's verdicts. Prints the",
        "accuracy at prompt and instruction level, strict and loose."
      })
  static final class ConstraintsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private InputAndOutput files;

    @Override
    public Integer call() {
      ConstraintFile.Counts counts = ConstraintFile.grade(files.input, files.output());
      PrintWriter out = spec.commandLine().getOut();
      out.println(line("prompt level", counts.strict(), counts.loose(), counts.responses()));
      out.println(
          line("instruction level", counts.rulesStrict(), counts.rulesLoose(), counts.rules()));
      out.flush();
      return 0;
    }

    private static String line(String level, int strict, int loose, int all) {
      double whole = Math.max(1, all) / 100.0;
      return String.format(
          Locale.ROOT,
          "%s: strict %.1f %% (%d of %d), loose %.1f %% (%d of %d)",
          level,
          strict / whole,
          strict,
          all,
          loose / whole,
          loose,
          all);
    }
  }
}
