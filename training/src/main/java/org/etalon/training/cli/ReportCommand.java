package org.etalon.training.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.etalon.training.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes {@code report.html} of a run, finished or not. */
@Command(name = "report", description = "Writes RUN/report.html from what the run has so far.")
final class ReportCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "Run folder.")
  private Path run;

  @Override
  public Integer call() {
    Path file = Report.write(run);
    if (!common.isQuiet()) {
      spec.commandLine().getOut().println(file);
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
