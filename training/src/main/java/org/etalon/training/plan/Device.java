package org.etalon.training.plan;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.OptionalLong;
import org.etalon.graph.program.VisibleDevice;
import org.etalon.training.config.Configuration;
import org.etalon.training.config.DeviceChoice;
import org.etalon.training.config.Xla;

/**
 * Where a run keeps its values.
 *
 * @param gpu whether on a GPU
 * @param bytes what there is; 0 where it is unknown
 * @param text what that is, for messages
 */
record Device(boolean gpu, long bytes, String text) {
  private static final double GIB = 1L << 30;

  /** Java's, TensorFlow's and the tokenizer's libraries on a CPU; measured 0.36 GB. */
  private static final long LIBRARIES = 400_000_000;

  /** Our choice: what of Java's heap a run comes to hold, if its limit is not lower. */
  private static final long HEAP = 1L << 30;

  /** Our choice, not measured: context and libraries on a GPU, with their workspaces. */
  private static final long CONTEXT = 1L << 30;

  /**
   * The device of a configuration: a GPU where TensorFlow sees one, else the machine or container.
   * With {@code memory.limitGiB} it is planned for that much, and for a GPU where functions are
   * compiled.
   */
  static Device of(Configuration c) {
    double limit = c.memory().limitGiB();
    if (limit > 0) {
      return new Device(c.xla() == Xla.ON, Math.round(limit * GIB), "memory.limitGiB");
    }
    OptionalLong gpu = gpuBytes(c);
    if (gpu.isPresent()) {
      return new Device(true, gpu.getAsLong(), "the GPU");
    }
    return new Device(false, hostBytes(), "this machine or container");
  }

  /** What TensorFlow may take of the GPU that the run would use. */
  private static OptionalLong gpuBytes(Configuration c) {
    if (c.device() == DeviceChoice.CPU) {
      return OptionalLong.empty();
    }
    if (c.gpu().memoryGiB() > 0) {
      return OptionalLong.of(Math.round(c.gpu().memoryGiB() * GIB));
    }
    return VisibleDevice.all().stream()
        .filter(device -> device.type().equals("GPU"))
        .skip(c.gpu().ordinal())
        .mapToLong(VisibleDevice::memoryBytes)
        .findFirst();
  }

  /** Inside a container this is the container's limit. */
  private static long hostBytes() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  /** What the process takes there besides what is predicted from shapes. */
  long process() {
    return gpu ? CONTEXT : LIBRARIES + Math.min(HEAP, Runtime.getRuntime().maxMemory());
  }

  boolean fits(long needed) {
    return bytes == 0 || needed <= bytes;
  }

  /** Bytes as GiB with one decimal. */
  static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}
