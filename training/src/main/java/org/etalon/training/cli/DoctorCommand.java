package org.etalon.training.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.etalon.training.command.CommonOptions;
import org.etalon.training.doctor.Doctor;
import org.etalon.training.doctor.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what this machine has for Etalon and what it lacks. */
@Command(
    name = "doctor",
    description = "Checks Java, TensorFlow, devices, XLA, memory, disk and the sandbox for code.")
final class DoctorCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      defaultValue = ".",
      description = "Where runs shall be written; default: this folder.")
  private Path folder;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Finding> findings = Doctor.examine(folder);
    for (Finding finding : findings) {
      if (!common.isQuiet() || finding.level() != Finding.Level.OK) {
        out.println(finding);
      }
    }
    boolean failed = findings.stream().anyMatch(f -> f.level() == Finding.Level.FAIL);
    if (!common.isQuiet()) {
      out.println(failed ? "This machine cannot run Etalon yet." : "This machine can run Etalon.");
    }
    out.flush();
    return failed ? 1 : 0;
  }
}
