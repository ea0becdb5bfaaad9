package org.etalon.training.command;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.etalon.training.run.RunFolder;
import org.etalon.training.run.StageRun;
import org.etalon.training.run.StoppedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that runs one stage, or all of them, in a run folder. */
@Command
public final class StageCommand implements Callable<Integer> {
  /** Exit code of a process ended by SIGTERM. */
  private static final int STOPPED = 143;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  private final Consumer<StageRun> stage;

  /**
   * @param stage what to run in the folder
   */
  public StageCommand(Consumer<StageRun> stage) {
    this.stage = stage;
  }

  /** Runs one stage as a program of its own and ends the process: what stages' mains call. */
  public static void main(String name, Consumer<StageRun> stage, String[] args) {
    CommandLine command = new CommandLine(new StageCommand(stage));
    command.setCommandName(name);
    command.getCommandSpec().mixinStandardHelpOptions(true);
    Commands.exit(Commands.prepare(command), args);
  }

  @Override
  public Integer call() {
    return run(common, spec, stage);
  }

  /**
   * Runs a stage in the run folder of the common options.
   *
   * @return the exit code
   */
  public static int run(CommonOptions common, CommandSpec spec, Consumer<StageRun> stage) {
    String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    try (RunFolder folder = common.openRun()) {
      stage.accept(
          new StageRun(folder, common.progress(), "etalon " + spec.name() + " " + command));
      return 0;
    } catch (StoppedException e) {
      // Said already, while the process still waited for the checkpoint.
      return STOPPED;
    }
  }
}
