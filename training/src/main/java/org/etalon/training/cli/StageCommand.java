package org.etalon.training.cli;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.etalon.training.run.RunFolder;
import org.etalon.training.run.StageRun;
import org.etalon.training.run.StoppedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that runs one stage, or all of them, in a run folder. */
@Command
final class StageCommand implements Callable<Integer> {
  /** Exit code of a process ended by SIGTERM. */
  private static final int STOPPED = 143;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  private final Consumer<StageRun> stage;

  StageCommand(Consumer<StageRun> stage) {
    this.stage = stage;
  }

  @Override
  public Integer call() {
    String command = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    try (RunFolder folder = common.openRun()) {
      stage.accept(
          new StageRun(folder, common.progress(), "etalon " + spec.name() + " " + command));
      return 0;
    } catch (StoppedException e) {
      spec.commandLine().getErr().println("etalon: " + e.getMessage());
      spec.commandLine().getErr().flush();
      return STOPPED;
    }
  }
}
