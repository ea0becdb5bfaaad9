package org.etalon.training.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Resident memory of this process, of which the Java heap is the smaller part, and what is free.
 * Source: proc(5).
 */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  private ProcessMemory() {}

  /** Bytes resident now, 0 where the system does not say. */
  public static long resident() {
    return read(STATUS, "VmRSS:");
  }

  /** Most bytes that were resident since the last reset, 0 where the system does not say. */
  public static long peak() {
    return read(STATUS, "VmHWM:");
  }

  /**
   * Lets the peak begin again at what is resident now.
   *
   * @return whether the system allowed it; otherwise the peak is that of the whole process
   */
  public static boolean resetPeak() {
    try {
      Files.writeString(CLEAR, "5");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Bytes that programs may still take, 0 where the system does not say. */
  public static long available() {
    return read(MEMORY, "MemAvailable:");
  }

  private static long read(Path file, String key) {
    try {
      List<String> lines = Files.readAllLines(file);
      for (String line : lines) {
        if (line.startsWith(key)) {
          return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
      return 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
