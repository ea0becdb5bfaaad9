package org.etalon.training.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.etalon.training.command.Commands;
import org.etalon.training.command.StageCommand;
import org.etalon.training.pipeline.Pipeline;
import org.etalon.training.run.Stage;
import org.etalon.training.run.StageRun;
import org.etalon.training.run.Version;
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
        new GradeCommand(),
        new RunCodeCommand(),
