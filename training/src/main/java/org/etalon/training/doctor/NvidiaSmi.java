package org.etalon.training.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What NVIDIA's own command says of the GPUs; TensorFlow's C API does not tell their names. */
public final class NvidiaSmi {
  private static final long SECONDS = 20;

  private NvidiaSmi() {}

  /**
   * One GPU.
   *
   * @param index its number in the machine
   * @param memory in nvidia-smi's words, e.g. {@code 81559 MiB}
   * @param capability compute capability, e.g. {@code 9.0}
   */
  public record Gpu(String index, String name, String memory, String capability, String driver) {
    @Override
    public String toString() {
      return name + ", " + memory + ", compute capability " + capability + ", driver " + driver;
    }
  }

  /** The GPUs; none where the command is not there or fails. */
  public static List<Gpu> gpus() {
    return parse(
        output(
            "--query-gpu=index,name,memory.total,compute_cap,driver_version",
            "--format=csv,noheader"));
  }

  /** MiB taken of a GPU, by whomever. */
  public static Optional<Long> usedMiB(int index) {
    return output("--query-gpu=memory.used", "--format=csv,noheader,nounits", "--id=" + index)
        .lines()
        .map(String::strip)
        .filter(line -> line.matches("\\d+"))
        .map(Long::valueOf)
        .findFirst();
  }

  private static String output(String... options) {
    List<String> command = new ArrayList<>(List.of("nvidia-smi"));
    command.addAll(List.of(options));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      return process.exitValue() == 0 ? out : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  static List<Gpu> parse(String csv) {
    List<Gpu> gpus = new ArrayList<>();
    for (String line : csv.lines().toList()) {
      List<String> f = List.of(line.split(" *, *", -1));
      if (f.size() == 5) {
        gpus.add(new Gpu(f.get(0).strip(), f.get(1), f.get(2), f.get(3), f.get(4).strip()));
      }
    }
    return gpus;
  }
}
