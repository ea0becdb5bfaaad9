package org.etalon.training.bench.gpu;

import java.util.LinkedHashMap;
import java.util.Map;
import org.etalon.training.doctor.NvidiaSmi;
import org.etalon.training.run.ProcessMemory;

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
    long peak = ProcessMemory.peak();
    if (peak > 0) {
      values.put("host_peak_mib", peak >> 20);
    }
    return values;
  }
}
