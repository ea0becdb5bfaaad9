package org.etalon.training.run;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * The machine and the Java that a stage ran on; a manifest keeps it as the fact {@code machine}.
 *
 * @param system operating system and architecture
 * @param java virtual machine and version
 * @param cores processors the process may use
 * @param memoryGib memory of the machine or container in GiB, 0 where unknown
 */
public record Machine(String system, String java, int cores, double memoryGib) {
  /** This machine. */
  public static Machine current() {
    String system =
        String.format(
            Locale.ROOT,
            "%s %s, %s",
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"));
    String java = System.getProperty("java.vm.name") + " " + Runtime.version();
    long bytes =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean bean
            ? bean.getTotalMemorySize()
            : 0;
    double gib = Math.round(10.0 * bytes / (1L << 30)) / 10.0;
    return new Machine(system, java, Runtime.getRuntime().availableProcessors(), gib);
  }
}
