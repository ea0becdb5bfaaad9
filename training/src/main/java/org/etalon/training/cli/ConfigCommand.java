package org.etalon.training.cli;

import java.util.concurrent.Callable;
import org.etalon.training.config.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the configuration that a run would have, or the commented defaults. */
@Command(
    name = "config",
    description = "Checks a configuration and prints it with every key resolved.")
final class ConfigCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Option(names = "--defaults", description = "Prints the commented default file instead.")
  private boolean defaults;

  @Override
  public Integer call() {
    Configuration configuration = common.configuration();
    var out = spec.commandLine().getOut();
    out.print(defaults ? Configuration.defaultYaml() : configuration.toYaml());
    out.flush();
    return 0;
  }
}
