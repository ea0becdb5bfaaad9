package org.etalon.graph.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** In processes of their own: the limits are read once, when JavaCPP's classes load. */
class NativeMemoryTest {
  /** Prints JavaCPP's limits in a process that made a program. */
  static final class Limits {
    private Limits() {}

    public static void main(String[] args) {
      SmallModel.TIED.program(Lowering.INLINE).close();
      System.out.println("limits " + Pointer.maxBytes() + " " + Pointer.maxPhysicalBytes());
    }
  }

  private static String limits(String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Limits.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return out.lines().filter(line -> line.startsWith("limits")).findFirst().orElse(out);
  }

  @Test
  void aProgramLiftsTheLimits() throws Exception {
    assertEquals("limits 0 0", limits());
  }

  @Test
  void aLimitThatTheUserSetStays() throws Exception {
    long limit = 64L << 30;
    assertEquals("limits 0 " + limit, limits("-Dorg.bytedeco.javacpp.maxPhysicalBytes=" + limit));
  }
}
