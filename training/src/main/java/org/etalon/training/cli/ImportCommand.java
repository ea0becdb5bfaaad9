package org.etalon.training.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.etalon.training.export.Conversion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes in a model that others wrote. */
@Command(
    name = "import",
    description = "Reads a GGUF file, or checks and copies a model folder, for model.from.")
final class ImportCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "PATH",
      description = "GGUF file, or folder in Hugging Face's layout.")
  private Path from;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "New model folder in Hugging Face's layout.")
  private Path out;

  @Override
  public Integer call() {
    Conversion.read(from, out);
    return 0;
  }
}
