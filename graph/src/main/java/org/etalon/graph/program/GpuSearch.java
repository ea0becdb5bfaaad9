package org.etalon.graph.program;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What TensorFlow needs to see an NVIDIA GPU, and what of it is there: a build of its natives for
 * CUDA, the driver, and the libraries that these natives open by name.
 *
 * <p>Source of the names: TensorFlow 2.18, built for CUDA 12.5 and cuDNN 9.3.
 *
 * @param natives whether the natives on the class path are built for GPUs
 * @param driver first line of the kernel driver's version, or why there is none
 * @param missing libraries that were not found
 * @param searched folders that were looked into, besides the system's
 */
public record GpuSearch(
    boolean natives, String driver, List<String> missing, List<String> searched) {
  private static final String NATIVES =
      "/org/tensorflow/internal/c_api/linux-x86_64-gpu/libtensorflow_cc.so.2";

  static final List<String> LIBRARIES =
      List.of(
          "libcuda.so.1",
          "libcudart.so.12",
          "libcublas.so.12",
          "libcublasLt.so.12",
          "libcufft.so.11",
          "libcusolver.so.11",
          "libcusparse.so.12",
          "libnvJitLink.so.12",
          "libcudnn.so.9");

  private static final List<String> FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib64",
          "/lib/x86_64-linux-gnu",
          "/usr/local/nvidia/lib64",
          "/usr/local/cuda/lib64");

  /** Whether the natives on the class path are built for GPUs. */
  public static boolean hasNatives() {
    return GpuSearch.class.getResource(NATIVES) != null;
  }

  /** Looks on this machine. */
  public static GpuSearch ofThisMachine() {
    String path = System.getenv("LD_LIBRARY_PATH");
    List<String> own =
        path == null
            ? List.of()
            : Stream.of(path.split(File.pathSeparator)).filter(s -> !s.isBlank()).toList();
    List<String> folders = new ArrayList<>(own);
    folders.addAll(FOLDERS);
    return new GpuSearch(
        hasNatives(), driver(Path.of("/proc/driver/nvidia/version")), missing(folders), own);
  }

  static List<String> missing(List<String> folders) {
    return LIBRARIES.stream()
        .filter(name -> folders.stream().noneMatch(f -> Files.exists(Path.of(f, name))))
        .toList();
  }

  static String driver(Path version) {
    try (Stream<String> lines = Files.lines(version, StandardCharsets.UTF_8)) {
      return lines.findFirst().orElse("");
    } catch (IOException e) {
      return "none (" + version + " is not there)";
    }
  }

  /** One sentence for each thing looked for. */
  public String report() {
    return (natives
            ? "TensorFlow's natives are built for GPUs"
            : "TensorFlow's natives are built for the CPU only: build with mvn -Pgpu package")
        + "; NVIDIA driver: "
        + driver
        + "; libraries not found: "
        + (missing.isEmpty() ? "none" : String.join(", ", missing))
        + " (LD_LIBRARY_PATH: "
        + (searched.isEmpty() ? "empty" : String.join(":", searched))
        + "; install CUDA 12.5 or later of CUDA 12 and cuDNN 9, or see ci/gpu)"
        + "; CUDA_VISIBLE_DEVICES: "
        + System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", "not set")
        + "; TF_CPP_MIN_LOG_LEVEL=0 shows what TensorFlow says";
  }
}
