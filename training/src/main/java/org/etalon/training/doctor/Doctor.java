package org.etalon.training.doctor;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.etalon.data.DataException;
import org.etalon.data.grade.code.ProgramRunner;
import org.tensorflow.TensorFlow;

/** Examines the machine: each finding is one line with its remedy. */
public final class Doctor {
  private static final long GIB = 1L << 30;

  /** The default pipeline's own bound: less than this and it may be killed. */
  private static final double MEMORY_GIB = 6;

  private static final double DISK_GIB = 2;

  private Doctor() {}

  /**
   * All findings.
   *
   * @param folder where runs shall be written
   */
  public static List<Finding> examine(Path folder) {
    ImmutableList.Builder<Finding> findings = ImmutableList.builder();
    findings.add(java());
    findings.add(cores());
    findings.add(memory());
    findings.add(disk(folder));
    findings.addAll(tensorFlow());
    findings.add(sandbox());
    return findings.build();
  }

  private static Finding java() {
    int feature = Runtime.version().feature();
    String text =
        System.getProperty("java.vm.name")
            + " "
            + Runtime.version()
            + String.format(
                Locale.ROOT, ", heap up to %.1f GiB", gib(Runtime.getRuntime().maxMemory()));
    return feature >= 17
        ? Finding.ok("Java", text)
        : Finding.fail("Java", text + "; install a JDK from 17 to 21");
  }

  private static Finding cores() {
    int cores = Runtime.getRuntime().availableProcessors();
    return Finding.ok("Cores", cores + (cores == 1 ? " core" : " cores"));
  }

  private static Finding memory() {
    // Inside a container this is the container's limit.
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system)) {
      return Finding.warn("Memory", "unknown; make sure that " + MEMORY_GIB + " GiB are free");
    }
    double total = gib(system.getTotalMemorySize());
    String text = String.format(Locale.ROOT, "%.1f GiB", total);
    return total >= MEMORY_GIB
        ? Finding.ok("Memory", text)
        : Finding.warn(
            "Memory",
            text + "; the default pipeline needs up to " + MEMORY_GIB + " GiB, lower mgpo.slots");
  }

  private static Finding disk(Path folder) {
    Path existing = folder.toAbsolutePath().normalize();
    while (!Files.isDirectory(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      double free = gib(Files.getFileStore(existing).getUsableSpace());
      String text = String.format(Locale.ROOT, "%.1f GiB free at %s", free, existing);
      if (!Files.isWritable(existing)) {
        return Finding.fail("Disk", text + ", which is not writable; choose another --out");
      }
      return free >= DISK_GIB
          ? Finding.ok("Disk", text)
          : Finding.warn("Disk", text + "; the default pipeline writes up to " + DISK_GIB + " GiB");
    } catch (IOException e) {
      return Finding.fail("Disk", existing + " cannot be read: " + e.getMessage());
    }
  }

  private static List<Finding> tensorFlow() {
    try {
      String version = TensorFlow.version();
      ImmutableList.Builder<Finding> findings = ImmutableList.builder();
      findings.add(Finding.ok("TensorFlow", version));
      findings.addAll(GpuCheck.examine());
      return findings.add(XlaCheck.examine()).build();
    } catch (LinkageError | RuntimeException e) {
      return List.of(
          Finding.fail(
              "TensorFlow",
              "cannot be loaded: "
                  + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                  + "; Etalon's natives are for Linux x86-64 with glibc 2.27 or later"));
    }
  }

  private static Finding sandbox() {
    try (ProgramRunner runner = new ProgramRunner(1)) {
      return Finding.ok("Sandbox", "bubblewrap runs " + runner.interpreter() + " and holds it");
    } catch (DataException e) {
      return Finding.warn("Sandbox", e.getMessage() + "; only running generated code needs it");
    }
  }

  private static double gib(long bytes) {
    return (double) bytes / GIB;
  }
}
