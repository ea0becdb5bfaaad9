package org.etalon.training.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.graph.program.Device;
import org.etalon.graph.program.ExecutionOptions;
import org.etalon.graph.program.Lowering;
import org.etalon.training.export.Conversion;
import org.etalon.training.policy.Policy;
import picocli.CommandLine.Option;

/** What commands that use a finished model share: which one, how it runs, where results go. */
final class ModelOptions {
  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model folder in Hugging Face's layout.")
  private Path model;

  @Option(names = "--output", paramLabel = "FILE", description = "JSON lines; default: console.")
  private Path output;

  @Option(names = "--force", description = "Replaces an output file that exists.")
  private boolean force;

  @Option(names = "--threads", description = "CPU threads; 0 = all.")
  private int threads;

  @Option(names = "--xla", description = "Compiles the graphs with XLA.")
  private boolean xla;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "auto, cpu or gpu. Default: ${DEFAULT-VALUE}.")
  private Device.Kind device = Device.Kind.AUTO;

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      description = "f32, or bf16: half the memory, faster, rounded. Default: f32.")
  private String dtype = "f32";

  /** Opens the model; the caller closes. */
  Policy open() {
    checkOutput();
    return Policy.open(
        model,
        new ExecutionOptions(Lowering.of(xla), threads)
            .withWeights(Conversion.weightType(dtype))
            .withDevice(Device.of(device)));
  }

  /** The model's folder. */
  Path folder() {
    return model;
  }

  /** Refuses to replace a file before any work is done. */
  void checkOutput() {
    if (output != null && !force && Files.exists(output)) {
      throw new DataException(output + ": already exists; add --force or choose another --output");
    }
  }

  /** Whether results go to a file. */
  boolean writesFile() {
    return output != null;
  }

  /** Writes the results: to the file, whole or not at all, or to the console. */
  void write(AtomicFile.Content content) {
    if (output != null) {
      AtomicFile.write(output, content);
      return;
    }
    try {
      OutputStream console = new PrintStream(System.out, false);
      content.writeTo(console);
      console.flush();
    } catch (IOException e) {
      throw new DataException("the console cannot be written (" + e + "); add --output FILE", e);
    }
  }
}
