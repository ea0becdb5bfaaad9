package org.etalon.training.command;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.graph.program.NativeMemory;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs command lines. Exit codes: 0 success, 1 a failed check or an unexpected error (with its
 * stack trace), 2 bad input (one line that names the remedy).
 */
public final class Commands {
  private static final int UNEXPECTED = 1;
  private static final int BAD_INPUT = 2;

  private Commands() {}

  /** Gives a command, and those below it, help, exit codes and errors of one line. */
  public static CommandLine prepare(CommandLine command) {
    command
        .getSubcommands()
        .values()
        .forEach(sub -> sub.getCommandSpec().mixinStandardHelpOptions(true));
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setExecutionStrategy(Commands::execute);
    command.setParameterExceptionHandler((e, args) -> badParameter(e));
    command.setExecutionExceptionHandler(Commands::failed);
    return command;
  }

  /** Runs a command and ends the process with its exit code. */
  public static void exit(CommandLine command, String[] args) {
    // Numbers are written the same everywhere: files of one machine are read on another.
    Locale.setDefault(Locale.ROOT);
    NativeMemory.lift();
    int code;
    try {
      code = command.execute(args);
    } catch (OutOfMemoryError e) {
      command
          .getErr()
          .println(
              "etalon: memory ran out (%s); give Java more, e.g. ETALON_JAVA_OPTS=-Xmx4g, or lower microRows, slots or lengths"
                  .formatted(e.getMessage()));
      command.getErr().flush();
      code = UNEXPECTED;
    }
    System.exit(code);
  }

  private static int execute(ParseResult parsed) {
    common(parsed).applyLogLevel();
    boolean help = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    boolean runs = parsed.commandSpec().userObject() instanceof Callable;
    if (!runs && !parsed.hasSubcommand() && !help) {
      CommandLine etalon = parsed.commandSpec().commandLine();
      etalon.usage(etalon.getErr());
      return BAD_INPUT;
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    // TensorFlow's invalid-argument error is an IllegalArgumentException too, but never the user's.
    boolean badInput =
        e instanceof DataException
            || (e instanceof IllegalArgumentException
                && !(e instanceof TFInvalidArgumentException));
    if (badInput) {
      err.println("etalon: " + oneLine(e.getMessage()));
    }
    if (!badInput || common(parsed).isVerbose()) {
      e.printStackTrace(err);
    }
    err.flush();
    return badInput ? BAD_INPUT : UNEXPECTED;
  }

  private static int badParameter(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String remedy = "; see " + command.getCommandSpec().qualifiedName() + " --help";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      remedy = "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    command.getErr().println("etalon: " + oneLine(e.getMessage()) + remedy);
    command.getErr().flush();
    return BAD_INPUT;
  }

  /** The common options of a command, or their defaults where it takes none. */
  private static CommonOptions common(ParseResult parsed) {
    ParseResult command = parsed;
    while (command.hasSubcommand()) {
      command = command.subcommand();
    }
    return command.commandSpec().mixins().values().stream()
        .map(mixin -> mixin.userObject())
        .filter(CommonOptions.class::isInstance)
        .map(CommonOptions.class::cast)
        .findFirst()
        .orElseGet(CommonOptions::new);
  }

  private static String oneLine(String message) {
    return String.valueOf(message).lines().map(String::strip).collect(Collectors.joining(" "));
  }
}
