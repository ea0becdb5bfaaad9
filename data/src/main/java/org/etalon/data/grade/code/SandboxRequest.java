package org.etalon.data.grade.code;

import java.nio.charset.StandardCharsets;

/**
 * What a sandbox shall run: one program on one input.
 *
 * @param outputBytes more than that and it is ended
 */
record SandboxRequest(
    CodeKind kind,
    String function,
    byte[] code,
    byte[] input,
    double seconds,
    int memoryMb,
    long outputBytes) {
  /** Our choice: the folder /tmp is a test's own and holds that much. */
  static final int DISK_BYTES = 64 << 20;

  static final int FILES = 1000;

  /** Our choice: processes and threads of a program together. */
  static final int TASKS = 32;

  /** What a request costs of {@code RLIMIT_NPROC} besides the program: keeper and init. */
  private static final int OWN_PROCESSES = 2;

  /** The line of JSON that goes before code and input. */
  byte[] header() {
    return (JsonText.newObject()
                .put("kind", kind.label())
                .put("func_name", function)
                .put("seconds", seconds)
                .put("memory_bytes", (long) memoryMb << 20)
                .put("disk_bytes", DISK_BYTES)
                .put("files", FILES)
                .put("processes", TASKS + OWN_PROCESSES)
                .put("output_bytes", outputBytes)
                .put("code", code.length)
                .put("input", input.length)
            + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }
}
