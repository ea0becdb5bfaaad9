package org.etalon.training.bench.gpu;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.etalon.data.AtomicFile;
import org.etalon.data.DataException;
import org.etalon.graph.program.Device;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the checks of a GPU. Exit codes: 0 passed, 1 one failed, 2 bad input, 3 no GPU. */
@Command(
    name = "gpu",
    description = {
      "Checks a GPU, one line of JSON a check, and stops at the first that fails:",
      "1 TensorFlow sees it, and a product equals the CPU's; 2 what it does at best, first and last;",
      "3 a compiled function; 4 the losses of a small model equal the CPU's; 5 cuDNN attention,",
      "forward and backward; 6 time and memory of a layer, of a 1.5B model's step and of decoding;",
      "7 the same step in PyTorch (--peer), in turns. Exit code 3: there is no GPU."
    })
public final class GpuCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int NO_GPU = 3;

  @Spec private CommandSpec spec;

  @Option(names = "--json", paramLabel = "FILE", description = "Also writes the lines here.")
  private Path json;

  @Option(
      names = "--only",
      paramLabel = "N",
      description = "Makes check 1 and this one; may be repeated.")
  private List<Integer> only = new ArrayList<>();

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "Begins no measurement of checks 6 and 7 after this. Default: 3600.")
  private double timeLimit = 3600;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = "gpu, cpu or auto. Default: gpu; cpu is for trying the checks out.")
  private Device.Kind device = Device.Kind.GPU;

  @Option(names = "--ordinal", paramLabel = "N", description = "Which GPU, from 0.")
  private int ordinal;

  @Option(names = "--small", description = "Toy sizes: seconds, and no figures of use.")
  private boolean small;

  @Option(
      names = "--peer",
      paramLabel = "COMMAND",
      description = "Measures PyTorch, as ci/gpu/peer does.")
  private String peer;

  @Override
  public Integer call() {
    Set<Integer> numbers = new TreeSet<>(only.isEmpty() ? GpuChecks.numbers() : only);
    if (!GpuChecks.numbers().containsAll(numbers)) {
      throw new DataException("--only: expected 1 to 7, got " + only);
    }
    if (!(timeLimit > 0)) {
      throw new DataException("--time-limit: expected more than 0 seconds, got " + timeLimit);
    }
    Setup setup =
        new Setup(
            new Device(device, ordinal, 0, true, true),
            small,
            Setup.Deadline.in(timeLimit),
            Optional.ofNullable(peer).map(List::of));
    PrintWriter out = spec.commandLine().getOut();
    List<String> lines = new ArrayList<>();
    CheckReport.Status end =
        GpuChecks.run(
            setup,
            numbers,
            report -> {
              lines.add(report.json());
              out.println(report.json());
              out.flush();
              if (json != null) {
                write(lines);
              }
            });
    return switch (end) {
      case OK, SKIPPED -> 0;
      case FAILED -> FAILED;
      case NO_GPU -> NO_GPU;
    };
  }

  /** After each check: a device that hangs shall not take the others' results with it. */
  private void write(List<String> lines) {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(json, out -> out.write(text));
  }
}
