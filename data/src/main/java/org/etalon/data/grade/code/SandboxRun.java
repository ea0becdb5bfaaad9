package org.etalon.data.grade.code;

import java.nio.charset.StandardCharsets;

/**
 * How one test's process ended, and what it wrote.
 *
 * @param timedOut it was ended at the wall-clock limit
 * @param overflowed it was ended because it wrote more than allowed
 * @param outOfMemory it was ended because its processes together had more memory than allowed
 * @param status what {@code wait} gave for it; without meaning if it was ended
 * @param cpuSeconds processor time
 * @param wallSeconds wall-clock time
 * @param memoryKb peak resident memory
 * @param output standard output, or the encoded result of a function; UTF-8
 * @param errors the end of its standard error
 */
record SandboxRun(
    boolean timedOut,
    boolean overflowed,
    boolean outOfMemory,
    int status,
    double cpuSeconds,
    double wallSeconds,
    long memoryKb,
    byte[] output,
    byte[] errors) {

  /** The signal that ended it, or 0. */
  int signal() {
    return status & 0x7f;
  }

  int exitStatus() {
    return status >> 8 & 0xff;
  }

  String outputText() {
    return new String(output, StandardCharsets.UTF_8);
  }

  /** The last line it wrote to standard error: of an uncaught exception its name and message. */
  String lastError() {
    String text = new String(errors, StandardCharsets.UTF_8).strip();
    return text.substring(text.lastIndexOf('\n') + 1).strip();
  }
}
