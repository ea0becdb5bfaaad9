package org.etalon.training.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.etalon.training.config.Configuration;

/** Says what a command would need, and does nothing else. */
@FunctionalInterface
public interface DryRun {
  /**
   * Checks and prints.
   *
   * @param out the run folder, if one was named; it need not exist and is only read
   * @throws org.etalon.data.DataException if the command could not run
   */
  void run(Configuration configuration, Optional<Path> out, PrintWriter print);
}
