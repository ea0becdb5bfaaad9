package org.etalon.training.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.etalon.training.bench.BenchCommand;
import org.etalon.training.command.Commands;
import org.etalon.training.command.StageCommand;
import org.etalon.training.mgpo.Mgpo;
import org.etalon.training.pipeline.Pipeline;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.etalon.training.run.Version;
import org.etalon.training.sft.Sft;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

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
  private Etalon() {}

  /** Every sub-command, in the order that help shows. */
  private static List<Object> commands() {
    return List.of(
        new GenerateCommand(),
        new ScoreCommand(),
        new ImportCommand(),
        new ExportCommand(),
        new ServeCommand(),
        new EvalCommand(),
        new GradeCommand(),
        new RunCodeCommand(),
        new PrepareCommand(),
        new BenchCommand(),
        new DoctorCommand(),
        new ConfigCommand(),
        new ReportCommand());
  }

  /** The commands that run stages in a run folder, by name. */
  private static Map<String, StageCommand> stageCommands() {
    Map<String, StageCommand> commands = new LinkedHashMap<>();
    commands.put("pipeline", Pipeline.command());
    Map<Stage, Consumer<StageRun>> stages = Pipeline.stages();
    // Their commands do more than the stage.
    stages.remove(Stage.EVAL);
    stages.remove(Stage.EXPORT);
    stages.forEach(
        (stage, run) ->
            commands.put(
                stage == Stage.DATA ? "decontaminate" : stage.folderName(), new StageCommand(run)));
    // These say before they start what they will need.
    commands.put("sft", Sft.command());
    commands.put("mgpo", Mgpo.command());
    return commands;
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    Commands.exit(commandLine(), args);
  }

  /** The whole command line, for programs that run commands within their own process. */
  public static CommandLine commandLine() {
    var etalon = new CommandLine(new Etalon());
    for (Object command : commands()) {
      etalon.addSubcommand(command);
    }
    stageCommands().forEach(etalon::addSubcommand);
    return Commands.prepare(etalon);
  }

  /** The answer to {@code --version}. */
  static final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"etalon " + Version.current()};
    }
  }
}
