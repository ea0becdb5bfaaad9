package org.etalon.training.bench.gpu;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.etalon.graph.program.Device;
import org.etalon.graph.program.VisibleDevice;
import org.etalon.training.doctor.NvidiaSmi;
import org.tensorflow.TensorFlow;

/** Check 1: TensorFlow sees the device, and a float32 product on it equals the CPU's. */
final class DeviceCheck implements Check {
  /** TF32 keeps 10 bits of each factor: about 3e-4 of a product of random numbers. */
  private static final double LARGEST_DISTANCE = 2e-3;

  /** Float32 itself stays far below, so that what lies above is TF32. */
  private static final double FLOAT32_DISTANCE = 1e-5;

  @Override
  public Map<String, Object> run(Setup setup) {
    Device device;
    try {
      device = setup.device().resolved();
    } catch (IllegalArgumentException e) {
      throw CheckException.noGpu(e.getMessage());
    }
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("tensorflow", TensorFlow.version());
    Optional<VisibleDevice> gpu = device.visible();
    values.put("device", gpu.map(VisibleDevice::name).orElse("CPU:0"));
    gpu.ifPresent(found -> values.put("usable_mib", found.memoryBytes() >> 20));
    List<String> cards = NvidiaSmi.gpus().stream().map(NvidiaSmi.Gpu::toString).toList();
    values.put("cards", cards);
    int n = setup.sized(64, 2048);
    float[] expected;
    try (Products cpu = Products.float32(Device.of(Device.Kind.CPU), n)) {
      expected = cpu.values();
    }
    float[] got;
    try (Products there = Products.float32(device, n)) {
      got = there.values();
    }
    double distance = distance(got, expected);
    values.put("product_distance", distance);
    values.put("tf32", distance > FLOAT32_DISTANCE);
    if (!(distance <= LARGEST_DISTANCE)) {
      throw CheckException.failed(
          "a float32 product of %d lies %g from the CPU's, at most %g was expected; the CUDA libraries may not fit TensorFlow's build"
              .formatted(n, distance, LARGEST_DISTANCE),
          values);
    }
    return values;
  }

  /** Norm of the difference over the norm of {@code expected}. */
  static double distance(float[] got, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) got[i] - expected[i], 2);
      norm += (double) expected[i] * expected[i];
    }
    return Math.sqrt(difference / norm);
  }
}
