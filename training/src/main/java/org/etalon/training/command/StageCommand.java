package org.etalon.training.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.etalon.training.run.RunFolder;
import org.etalon.training.run.StageRun;
import org.etalon.training.run.StoppedException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that runs one stage, or all of them, in a run folder. */
@Command
public final class StageCommand implements Callable<Integer> {
  /** Exit code of a process ended by SIGTERM. */
  private static final int STOPPED = 143;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Option(
      names = "--dry-run",
      description = "Checks configuration, data and model, prints the predicted memory, and ends.")
  private boolean dry;

  private final Consumer<StageRun> stage;
  private final Optional<DryRun> dryRun;

  /**
   * @param stage what to run in the folder
   */
  public StageCommand(Consumer<StageRun> stage) {
    this(stage, Optional.empty());
  }

  /**
   * @param stage what to run in the folder
   * @param dryRun what {@code --dry-run} does instead; without, it is an error
   */
  public StageCommand(Consumer<StageRun> stage, Optional<DryRun> dryRun) {
    this.stage = stage;
    this.dryRun = dryRun;
  }

  /** Runs one stage as a program of its own and ends the process: what stages' mains call. */
  public static void main(String name, Consumer<StageRun> stage, String[] args) {
    main(name, new StageCommand(stage), args);
  }

  /** The same with a dry run. */
  public static void main(String name, StageCommand stage, String[] args) {
    CommandLine command = new CommandLine(stage);
    command.setCommandName(name);
    command.getCommandSpec().mixinStandardHelpOptions(true);
    Commands.exit(Commands.prepare(command), args);
  }

  @Override
  public Integer call() {
    if (dry) {
      DryRun checks =
          dryRun.orElseThrow(
              () ->
                  new ParameterException(
                      spec.commandLine(),
                      spec.name() + " has no --dry-run; sft, mgpo and pipeline do"));
      checks.run(common.configuration(), common.outIfGiven(), spec.commandLine().getOut());
      return 0;
    }
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
