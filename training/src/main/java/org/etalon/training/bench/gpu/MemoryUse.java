package org.etalon.training.bench.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.training.doctor.NvidiaSmi;

/**
 * Memory taken so far. TensorFlow keeps what it has once taken of a GPU, so what is taken of it
 * after a step is the most that was needed up to then.
 */
final class MemoryUse {
  private MemoryUse() {}

  static Map<String, Object> values(Setup setup) {
    Map<String, Object> values = new LinkedHashMap<>();
    if (setup.onGpu()) {
      NvidiaSmi.usedMiB(setup.device().ordinal()).ifPresent(used -> values.put("gpu_mib", used));
    }
    peakResident().ifPresent(peak -> values.put("host_peak_mib", peak));
    return values;
  }

  /** VmHWM of this process, in MiB. */
  private static Optional<Long> peakResident() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8);
      return lines.stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
