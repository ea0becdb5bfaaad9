package org.etalon.training.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.etalon.data.DataException;
import org.etalon.training.pipeline.Pipeline;
import org.etalon.training.run.Stage;
import org.etalon.training.run.Version;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Exit codes: 0 success, 1 a failed check or an unexpected error (with its stack
 * trace), 2 bad input (one line that names the remedy).
 */
@Command(
    name = "etalon",
    description =
        "Turns a small language model into a reasoner: spectrum phase, then signal phase.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Etalon.VersionText.class)
public final class Etalon {
  private static final int UNEXPECTED = 1;
  private static final int BAD_INPUT = 2;

  private Etalon() {}

  /** Every sub-command, in the order that help shows. */
  private static List<Object> commands() {
    return List.of(new DoctorCommand(), new ConfigCommand(), new ReportCommand());
  }

  /** The commands that run stages in a run folder, by name. */
  private static Map<String, StageCommand> stageCommands() {
    Map<String, StageCommand> commands = new LinkedHashMap<>();
    commands.put("pipeline", new StageCommand(Pipeline::run));
    Pipeline.stages()
        .forEach(
            (stage, run) ->
                commands.put(
                    stage == Stage.DATA ? "decontaminate" : stage.folderName(),
                    new StageCommand(run)));
    return commands;
  }

  /** Runs one command with arguments of its own and exits: what the stages' main classes call. */
  public static void main(String command, String[] args) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(args));
    main(all.toArray(String[]::new));
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    // Numbers are written the same everywhere: files of one machine are read on another.
    Locale.setDefault(Locale.ROOT);
    System.exit(run(args));
  }

  /** Runs one command; returns its exit code. */
  public static int run(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    var etalon = new CommandLine(new Etalon());
    for (Object command : commands()) {
      etalon.addSubcommand(command);
    }
    stageCommands().forEach(etalon::addSubcommand);
    etalon
        .getSubcommands()
        .values()
        .forEach(sub -> sub.getCommandSpec().mixinStandardHelpOptions(true));
    etalon.setCaseInsensitiveEnumValuesAllowed(true);
    etalon.setExecutionStrategy(Etalon::execute);
    etalon.setParameterExceptionHandler((e, args) -> badParameter(e));
    etalon.setExecutionExceptionHandler(Etalon::failed);
    return etalon;
  }

  private static int execute(ParseResult parsed) {
    common(parsed).applyLogLevel();
    boolean help = parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested();
    if (!parsed.hasSubcommand() && !help) {
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

  /** The answer to {@code --version}. */
  static final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"etalon " + Version.current()};
    }
  }
}
