package org.etalon.training.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Resident memory of this process, of which the Java heap is the smaller part. Source: proc(5). */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  private ProcessMemory() {}

  /** Bytes resident now, 0 where the system does not say. */
  static long resident() {
    return read("VmRSS:");
  }

  /** Most bytes that were resident since the last reset, 0 where the system does not say. */
  static long peak() {
    return read("VmHWM:");
  }

  /**
   * Lets the peak begin again at what is resident now.
   *
   * @return whether the system allowed it; otherwise the peak is that of the whole process
   */
  static boolean resetPeak() {
    try {
      Files.writeString(CLEAR, "5");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static long read(String key) {
    try {
      List<String> lines = Files.readAllLines(STATUS);
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
